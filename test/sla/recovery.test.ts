// How faults heal: the first good window after each, what they cost, and when that cannot be told.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultRecord, RunLogRecord } from "../../src/model/log/run-log.js";
import { emptyAnomalies } from "../../src/model/turn/ledger.js";
import type { SlaResult } from "../../src/model/verdict.js";
import { assess } from "../../src/sla/assess.js";
import { NO_OWN_DELAY } from "../../src/sla/own-delay.js";
import { aftermathsOf } from "../../src/sla/recovery.js";
import { defined } from "../support/defined.js";
import { folded, ledger, rule, second } from "../support/records.js";

const S = 1_000_000;

/** Turns and good ones of each second of a load that is one hold. */
type Seconds = readonly (readonly [turns: number, good: number])[];

function faulty(beginMs: number, endMs: number | undefined, fault = 0): readonly FaultRecord[] {
  const base = { type: "fault", fault, occurrence: 0, action: "mark", label: "x" } as const;
  const begin = { ...base, edge: "begin", atMs: beginMs } as const;
  return endMs === undefined ? [begin] : [begin, { ...base, edge: "end", atMs: endMs }];
}

function records(seconds: Seconds, faults: readonly FaultRecord[]): readonly RunLogRecord[] {
  return [
    {
      type: "phase",
      span: { key: "hold", phase: "hold", startUs: 50 * S, endUs: (50 + seconds.length) * S },
    },
    ...faults,
    ...seconds.map((_, at) => second(at, [], {})),
    ...seconds.map(([turns, good], at) => ({ type: "goodput", second: at, turns, good }) as const),
  ];
}

const calm = (n: number): Seconds => Array.from({ length: n }, () => [10, 10] as const);
const bad = (n: number, good = 0): Seconds => Array.from({ length: n }, () => [10, good] as const);

function heal(seconds: Seconds, beginMs: number, endMs: number | undefined) {
  const [only] = aftermathsOf(folded([], records(seconds, faulty(beginMs, endMs))));
  const { recoveryMs, goodputLost } = defined(only);
  return [recoveryMs, goodputLost];
}

describe("recovery", () => {
  it("is from the fault's end to the first five seconds of good turns", () => {
    expect(heal([...calm(5), ...bad(7), ...calm(10)], 5000, 8000)).toEqual([4000, 70]);
    expect(heal([...calm(5), ...bad(3), ...calm(10)], 5000, 8000)).toEqual([0, 30]);
  });

  it("is nothing if the second of the end is good already", () => {
    expect(heal(calm(20), 5000, 8400)).toEqual([0, 0]);
  });

  it("takes one bad turn in a hundred, and no more", () => {
    const nearly = (good: number): Seconds => [
      [60, good],
      ...Array.from({ length: 9 }, () => [10, 10] as const),
    ];
    expect(heal([...bad(5), ...nearly(59)], 0, 5000)[0]).toBe(0);
    expect(heal([...bad(5), ...nearly(58)], 0, 5000)[0]).toBe(1000);
  });

  it("is not seen in windows with fewer than five turns", () => {
    const thin: Seconds = Array.from({ length: 20 }, (_, at) => (at % 5 === 0 ? [4, 4] : [0, 0]));
    expect(heal(thin, 1000, 2000)[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it("never comes if the load ends first, and cannot be told if it ends too soon", () => {
    expect(heal([...calm(5), ...bad(15)], 5000, 8000)).toEqual([Number.POSITIVE_INFINITY, 150]);
    expect(heal([...calm(20)], 5000, 16_000)[0]).toBeUndefined();
    expect(heal([...calm(20)], 5000, undefined)[0]).toBeUndefined();
  });

  it("is never less than nothing, and what follows it is five seconds of good turns", () => {
    const seconds = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(seconds, fc.nat(40_000), fc.nat(5000), (drawn, beginMs, lasts) => {
        const line = drawn.map(([turns, good]) => [turns, Math.min(turns, good)] as const);
        const endMs = beginMs + lasts;
        const [ms] = heal(line, beginMs, endMs);
        if (ms === undefined || !Number.isFinite(ms)) return;
        expect(ms).toBeGreaterThanOrEqual(0);
        const from = ms === 0 ? Math.floor(endMs / 1000) : Math.round((endMs + ms) / 1000);
        const window = line.slice(from, from + 5);
        const sum = (at: 0 | 1): number => window.reduce((total, one) => total + one[at], 0);
        expect(window).toHaveLength(5);
        expect(sum(0)).toBeGreaterThanOrEqual(5);
        expect(sum(1)).toBeGreaterThanOrEqual(0.99 * sum(0));
      }),
    );
  });
});

function judged(metric: string, text: string, seconds: Seconds, faults: readonly FaultRecord[]): SlaResult {
  const of = rule(metric, text);
  const fold = folded([of], records(seconds, faults));
  const state = {
    ledgerByPhase: { hold: ledger({ attempted: 100, completed: 100 }) },
    anomalies: emptyAnomalies(),
    clock: { mode: "same", stamped: 0, lowUs: undefined, highUs: undefined, future: 0, driftUs: 0 } as const,
    checkCounters: {},
    workersLost: 0,
    starts: {},
  };
  return defined(assess(fold, state, { plannedSamples: {}, own: NO_OWN_DELAY, turnTimeoutUs: 70 * S })[0]);
}

describe("a rule on recovery", () => {
  const slow: Seconds = [...calm(5), ...bad(7), ...calm(10)];
  it("holds or fails by the slowest fault", () => {
    expect(judged("recovery", "max < 5s", slow, faulty(5000, 8000))).toMatchObject({
      verdict: "pass",
      n: 1,
      observed: 4000,
    });
    expect(judged("recovery", "max < 4s", slow, faulty(5000, 8000))).toMatchObject({
      verdict: "fail",
      violations: 1,
    });
  });

  it("fails for one that never came, and says how long it was waited for", () => {
    const result = judged("recovery", "max < 60s", [...calm(5), ...bad(20)], faulty(5000, 8000));
    expect(result).toMatchObject({ verdict: "fail", censored: 1, observedText: "> 17.0s" });
  });

  it("cannot be told without a fault, or with one that ended too near the end", () => {
    expect(judged("recovery", "max < 9s", calm(20), []).verdict).toBe("no-data");
    const two = [...faulty(3000, 4000), ...faulty(15_000, 17_000, 1)];
    expect(judged("recovery", "max < 9s", calm(20), two)).toMatchObject({ verdict: "no-data", n: 1 });
    expect(
      judged("recovery", "max < 1s", slow, [...faulty(5000, 8000), ...faulty(19_000, 20_000, 1)]),
    ).toMatchObject({ verdict: "fail" });
  });
});

describe("goodput", () => {
  it("that was lost is counted from each fault to its recovery", () => {
    const seconds = [...calm(5), ...bad(3, 4), ...calm(12)];
    expect(judged("goodput.lost", "max 18", seconds, faulty(5000, 8000))).toMatchObject({
      verdict: "pass",
      observed: 18,
    });
    expect(judged("goodput.lost", "max 17", seconds, faulty(5000, 8000)).verdict).toBe("fail");
    expect(judged("goodput.lost", "max 17", seconds, []).verdict).toBe("no-data");
  });

  it("that was kept is a rate over a rate", () => {
    const seconds = [...calm(10), ...bad(5, 4), ...calm(10)];
    expect(judged("goodput.kept", "min 40%", seconds, faulty(10_000, 15_000))).toMatchObject({
      verdict: "pass",
      observed: 0.4,
    });
    expect(judged("goodput.kept", "min 41%", seconds, faulty(10_000, 15_000)).verdict).toBe("fail");
    expect(
      judged("goodput.kept", "min 1%", [...calm(2), ...bad(8), ...calm(2)], faulty(2000, 10_000)).verdict,
    ).toBe("no-data");
  });
});
