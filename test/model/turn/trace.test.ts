// Promises of the ids that traces get.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { traceIds, traceparentOf } from "../../../src/model/turn/trace.js";

const numbers = fc.nat({ max: 0xffff_ffff });

describe("the ids of a trace", () => {
  it("have the form that the W3C requires, and ask to be recorded", () => {
    fc.assert(
      fc.property(fc.string(), numbers, numbers, (run, user, turn) => {
        const { traceId, spanId } = traceIds(run).turn(user, turn);
        expect(traceparentOf({ traceId, spanId })).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      }),
    );
  });

  it("are the same in every process of a run, and others in another run", () => {
    expect(traceIds("one").turn(3, 4)).toEqual(traceIds("one").turn(3, 4));
    const ids = ["one", "two", "one "].map((run) => traceIds(run).turn(3, 4));
    expect(new Set(ids.flatMap(({ traceId, spanId }) => [traceId, spanId])).size).toBe(6);
  });

  it("are of one turn only, and no connection's", () => {
    const ids = traceIds("run");
    const seen = { trace: new Set<string>(), span: new Set<string>() };
    for (let user = 0; user < 200; user++) {
      for (let turn = 0; turn < 200; turn++) {
        const { traceId, spanId } = ids.turn(user, turn);
        seen.trace.add(traceId);
        seen.span.add(spanId);
      }
    }
    for (let worker = 0; worker < 20; worker++)
      for (let count = 0; count < 200; count++) seen.trace.add(ids.connection(worker, count).traceId);
    expect(seen.trace.size).toBe(44_000);
    expect(seen.span.size).toBe(40_000);
  });

  it("are spread evenly, whichever digits a service samples by", () => {
    const ids = traceIds("run");
    for (const from of [0, 8, 16, 24]) {
      let low = 0;
      for (let turn = 0; turn < 4000; turn++) {
        const { traceId } = ids.turn(turn % 50, Math.floor(turn / 50));
        if (Number.parseInt(traceId.slice(from, from + 8), 16) < 0x4000_0000) low++;
      }
      expect(low, `digits from ${from}`).toBeGreaterThan(900);
      expect(low, `digits from ${from}`).toBeLessThan(1100);
    }
  });
});
