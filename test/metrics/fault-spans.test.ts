// Which seconds of a run a fault disturbs.
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { FaultSpans } from "../../src/metrics/fault-spans.js";
import { judgedOverTime } from "../../src/sla/over-time.js";
import { folded, rule, second, times } from "../support/records.js";

const FAULT = { type: "fault", occurrence: 0, action: "mark", label: "mark" } as const;

function spansOf(faults: readonly (readonly [beginMs: number, lastsMs: number | undefined])[]): FaultSpans {
  const spans = new FaultSpans();
  for (const [fault, [beginMs, lastsMs]] of faults.entries()) {
    spans.add({ ...FAULT, fault, edge: "begin", atMs: beginMs });
    if (lastsMs !== undefined) spans.add({ ...FAULT, fault, edge: "end", atMs: beginMs + lastsMs });
  }
  return spans;
}

describe("the seconds that a fault disturbs", () => {
  it("are those that it touches, one before, and five after it", () => {
    expect([...spansOf([[10_500, 2000]]).disturbed(100)]).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17]);
  });

  it("are all from its start on if it has not ended", () => {
    expect([...spansOf([[7000, undefined]]).disturbed(10)]).toEqual([6, 7, 8, 9, 10]);
  });

  const fault = fc.tuple(fc.nat(60_000), fc.option(fc.nat(20_000), { nil: undefined }));
  it("are the same for one and for all", () => {
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 6 }), fc.nat(90), (faults, last) => {
        const spans = spansOf(faults);
        const disturbed = spans.disturbed(last);
        for (let at = 0; at <= last; at++) expect(disturbed.has(at)).toBe(spans.disturbs(at));
      }),
    );
  });

  it("are found once for all metrics and seconds of a judgement: a live run asks each second", () => {
    const rules = [rule("agent.response", "p99 < 10s"), rule("degradation.over-time", "<= 1.5x")];
    const asked = (hold: number): number => {
      const fold = folded(rules, [
        { type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: hold * 1_000_000 } },
        { ...FAULT, fault: 0, edge: "begin", atMs: 10_000 },
        { ...FAULT, fault: 0, edge: "end", atMs: 12_000 },
        ...Array.from({ length: hold }, (_, at) =>
          second(at, rules, { hold: { "agent.response": { samples: times(9, 1_000_000) } } }),
        ),
      ]);
      const all = vi.spyOn(fold.faults, "disturbed");
      const one = vi.spyOn(fold.faults, "disturbs");
      expect(judgedOverTime("degradation.over-time", fold).value).toBe(1);
      return all.mock.calls.length * 1000 + one.mock.calls.length;
    };
    expect(asked(300)).toBe(asked(60));
  });
});
