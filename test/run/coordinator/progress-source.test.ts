// What a live view can say of the time that is left, and of the rules so far.
import { expect, it } from "vitest";
import type { SlaResult } from "../../../src/model/verdict.js";
import { liveRule, prepareLeftUs, timesOf } from "../../../src/run/coordinator/progress-source.js";

it("the logins' remaining time follows from those so far, once enough of them are known", () => {
  expect(prepareLeftUs(10_000_000, 1000, 15_000)).toBe(140_000_000);
  expect(prepareLeftUs(10_000_000, 15_000, 15_000)).toBe(0);
  expect(prepareLeftUs(999_999, 1000, 15_000)).toBeUndefined();
  expect(prepareLeftUs(5_000_000, 19, 15_000)).toBeUndefined();
});

it("the clock goes on from the opening through logins, baseline and load, and what is left never grows", () => {
  const second = 1_000_000;
  const plan = { users: 100, loadUs: 40 * second, baselineCapUs: 60 * second };
  const at = (seconds: number, state: { startUs?: number; rampUs?: number; usersReady?: number }) =>
    timesOf(
      plan,
      { startUs: undefined, rampUs: undefined, usersReady: 0, ...state },
      { openedUs: 0, nowUs: seconds * second },
    );
  const ready = { usersReady: 100, startUs: 4 * second };
  const times = [
    at(1, { usersReady: 10 }),
    at(2, { usersReady: 50 }),
    at(5, ready),
    at(14, ready),
    at(15, { ...ready, rampUs: 15 * second }),
    at(55, { ...ready, rampUs: 15 * second }),
  ];
  expect(times.map(({ elapsedUs }) => elapsedUs / second)).toEqual([1, 2, 5, 14, 15, 55]);
  // In the baseline step no more is left than its longest and the whole load.
  expect(times.map(({ leftUs }) => (leftUs === undefined ? undefined : leftUs / second))).toEqual([
    undefined,
    102,
    99,
    90,
    40,
    undefined,
  ]);
});

function judged(fields: Partial<SlaResult>): SlaResult {
  return {
    metric: "agent.response",
    rule: "p99 < 60s",
    verdict: "pass",
    observed: 30_000,
    observedText: "30.0s",
    comparison: "<",
    limit: 60_000,
    limitText: "< 60s",
    n: 300,
    violations: 0,
    censored: 0,
    origin: "default",
    ...fields,
  };
}

it("a rule's bar is the observed value over its limit, whatever the unit", () => {
  expect(liveRule(judged({}), false).share).toBe(0.5);
  expect(
    liveRule(judged({ metric: "turns.lost", observed: 3, comparison: "<=", limit: 4 }), false).share,
  ).toBe(0.75);
  expect(
    liveRule(judged({ metric: "degradation", observed: 1.5, comparison: "<=", limit: 3 }), false).share,
  ).toBe(0.5);
});

it("a lower bound, a limit of zero and an unknown value have no bar", () => {
  expect(liveRule(judged({ comparison: ">=", limit: 0.99, observed: 1 }), false).share).toBeUndefined();
  expect(liveRule(judged({ comparison: "==", limit: 0, observed: 0 }), false).share).toBeUndefined();
  expect(liveRule(judged({ observed: null }), false).share).toBeUndefined();
});

it("a rule that settling may still turn is unknown while the run goes on, and broken once it has ended", () => {
  const broken = judged({
    metric: "turns.success",
    comparison: ">=",
    limit: 0.99,
    observed: 0.9,
    verdict: "fail",
  });
  expect([liveRule(broken, false).holds, liveRule(broken, true).holds]).toEqual([undefined, false]);
  const slow = judged({ verdict: "fail" });
  expect([liveRule(slow, false).holds, liveRule(slow, true).holds]).toEqual([false, false]);
});
