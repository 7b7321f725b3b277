// Merging the workers' snapshots into seconds of the run.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { MeasuredMetric } from "../../../src/metrics/run-fold.js";
import type { SecondRecord } from "../../../src/model/log/run-log.js";
import { emptyAnomalies } from "../../../src/model/turn/ledger.js";
import { SecondMerger } from "../../../src/run/coordinator/second-merger.js";
import type { Snapshot } from "../../../src/run/process/messages.js";
import { folded, rule } from "../../support/records.js";

const RULES = [rule("agent.response", "p99 < 5s")];

function snapshot(worker: number, second: number, fields: Partial<Snapshot> = {}): Snapshot {
  return {
    type: "snapshot",
    worker,
    second,
    usersLive: 1,
    usersStarted: 1,
    turnsStarted: 1,
    turnsEnded: 1,
    turnsInFlight: 1,
    labels: [],
    batches: { hold: { "agent.response": { samples: Uint32Array.of(worker * 1000 + second), censored: 0 } } },
    deltas: {},
    errors: {},
    goodput: [],
    kept: [],
    probes: [],
    directory: [],
    generator: { worker, cpu: 0.1, loopDelayP99Us: 1, sendLagP99Us: 0, gcUs: 0, rssBytes: 1 },
    state: {
      ledgers: {},
      starts: {},
      anomalies: emptyAnomalies(),
      checks: {},
      unrecognised: [],
      failures: [],
      clock: { windows: [], stamped: 0, driftUs: 0, future: 0, aheadUs: 0, wholeSeconds: 0 },
    },
    ...fields,
  };
}

function merger(workers: readonly number[]) {
  const records: SecondRecord[] = [];
  const measured: (readonly MeasuredMetric[])[] = [];
  const merging = new SecondMerger({
    rules: RULES,
    workers,
    phaseAt: (second) => (second < 2 ? "ramp" : "hold"),
    emit: (record, made) => {
      records.push(record);
      measured.push(made);
    },
  });
  return { merging, records, measured, seconds: () => records.map(({ second }) => second) };
}

describe("a second of the run", () => {
  it("is reported once every worker has sent its own, and is their sum", () => {
    const { merging, records } = merger([0, 1]);
    merging.add(snapshot(0, 0, { usersLive: 3, errors: { refused: 1 }, deltas: { hold: [[250, 2]] } }));
    expect(records).toEqual([]);
    merging.add(
      snapshot(1, 0, { usersLive: 4, errors: { refused: 2, closed: 1 }, deltas: { hold: [[250, 1]] } }),
    );
    expect(records[0]).toMatchObject({
      second: 0,
      phase: "ramp",
      usersLive: 7,
      turnsStarted: 2,
      turnsEnded: 2,
      turnsInFlight: 2,
      errors: { refused: 3, closed: 1 },
    });
    expect(records[0]?.metrics.hold?.["agent.response"]).toMatchObject({ count: 2, min: 0, max: 1000 });
    expect(records[0]?.generator.map(({ worker }) => worker)).toEqual([0, 1]);
    expect(folded(RULES, records).deltas(() => true)).toEqual([[250, 3]]);
  });

  it("is identified by its number, not by when it arrives", () => {
    const { merging, seconds } = merger([0, 1]);
    for (const second of [0, 1, 2]) merging.add(snapshot(0, second));
    expect(seconds()).toEqual([]);
    for (const second of [0, 1, 2]) merging.add(snapshot(1, second));
    expect(seconds()).toEqual([0, 1, 2]);
  });

  it("no longer waits for a lost worker, and keeps what it had reported", () => {
    const { merging, records } = merger([0, 1]);
    merging.add(snapshot(0, 0));
    merging.add(snapshot(1, 0));
    merging.add(snapshot(0, 1));
    merging.add(snapshot(0, 2));
    expect(records).toHaveLength(1);
    merging.leave(1);
    expect(records.map(({ second, usersLive }) => [second, usersLive])).toEqual([
      [0, 2],
      [1, 1],
      [2, 1],
    ]);
  });

  it("that no worker reported is skipped once all workers are gone", () => {
    const { merging, seconds } = merger([0, 1]);
    merging.add(snapshot(0, 0));
    merging.add(snapshot(1, 0));
    merging.add(snapshot(1, 5));
    merging.leave(0);
    expect(seconds()).toEqual([0]);
    merging.leave(1);
    expect(seconds()).toEqual([0, 5]);
  });

  it("carries nothing over from the second before", () => {
    const { merging, records } = merger([0]);
    merging.add(snapshot(0, 0));
    merging.add(snapshot(0, 1, { batches: {} }));
    merging.add(
      snapshot(0, 2, {
        batches: { hold: { "agent.response": { samples: Uint32Array.of(7), censored: 2 } } },
      }),
    );
    expect(records[1]?.metrics).toEqual({});
    expect(records[2]?.metrics.hold?.["agent.response"]).toMatchObject({
      count: 1,
      censored: 2,
      min: 7,
      max: 7,
      sum: 7,
    });
  });

  it("contains every sample exactly once, whichever worker reports first or is lost", () => {
    const step = fc.record({ worker: fc.nat(2), leave: fc.nat(15).map((chance) => chance === 0) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { merging, records } = merger([0, 1, 2]);
        const next = [0, 0, 0];
        const gone = new Set<number>();
        let told = 0;
        for (const { worker, leave } of steps) {
          if (gone.has(worker)) continue;
          if (leave) {
            gone.add(worker);
            merging.leave(worker);
            continue;
          }
          merging.add(snapshot(worker, next[worker] ?? 0));
          next[worker] = (next[worker] ?? 0) + 1;
          told++;
        }
        for (const worker of [0, 1, 2]) if (!gone.has(worker)) merging.leave(worker);
        const numbers = records.map(({ second }) => second);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        const fold = folded(RULES, records);
        expect(fold.held("agent.response")?.count ?? 0).toBe(told);
        expect(fold.points.reduce((sum, { turnsEnded }) => sum + turnsEnded, 0)).toBe(told);
      }),
      { numRuns: 60 },
    );
  });

  it("reports each worker's p99 send lag", () => {
    const { merging, records } = merger([0]);
    const samples = Uint32Array.from({ length: 100 }, (_, at) => 100 - at);
    merging.add(snapshot(0, 0, { batches: { hold: { "generator.send-lag": { samples, censored: 0 } } } }));
    expect(records[0]?.generator[0]?.sendLagP99Us).toBe(99);
    merging.add(snapshot(0, 1));
    expect(records[1]?.generator[0]?.sendLagP99Us).toBe(0);
  });

  it("folds the same from its record as from its sources", () => {
    const { merging, records, measured: parts } = merger([0, 1]);
    merging.add(snapshot(0, 0));
    merging.add(
      snapshot(1, 0, {
        batches: { hold: { "agent.response": { samples: Uint32Array.of(6_000_000), censored: 1 } } },
      }),
    );
    const fromLog = folded(RULES, records);
    const measured = folded(RULES, []);
    const [record] = records;
    if (record) measured.addMeasured(record, parts[0] ?? [], true);
    const facts = (fold: typeof measured) => {
      const held = fold.held("agent.response");
      return [
        held?.count,
        held?.censored,
        held?.violations,
        held?.meanUs,
        held?.valueAt(0.3),
        held?.valueAt(0.6),
      ];
    };
    expect(facts(measured)).toEqual(facts(fromLog));
    expect(facts(measured).slice(0, 3)).toEqual([2, 1, [1]]);
    expect(measured.points[0]).toMatchObject({ second: 0, usersLive: 2 });
    expect(measured.points).toEqual(fromLog.points);
    expect(Object.keys(measured.points[0]?.metrics ?? {})).toEqual(["agent.response"]);
    const frugal = folded(RULES, []);
    if (record) frugal.addMeasured(record, parts[0] ?? [], false);
    expect(frugal.points[0]?.metrics).toEqual({});
  });
});

describe("the hold", () => {
  it("ends with the last second that every worker completed", () => {
    const { merging, records } = merger([0, 1]);
    for (const second of [0, 1, 2, 3]) for (const worker of [0, 1]) merging.add(snapshot(worker, second));
    merging.finishIn(4);
    merging.add(snapshot(0, 4, { usersLive: 0 }));
    merging.leave(0);
    for (const second of [4, 5]) merging.add(snapshot(1, second));
    expect(records.map(({ phase }) => phase)).toEqual(["ramp", "ramp", "hold", "hold", "drain", "drain"]);
  });
});
