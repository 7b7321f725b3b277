// A rule that ends its run: when it is broken for good, and not before.
import { describe, expect, it } from "vitest";
import { breachWatch } from "../../../src/app/run/breach.js";
import { RunFold } from "../../../src/metrics/run-fold.js";
import { seriesOf } from "../../../src/model/labels.js";
import type { RuleOrigin, SlaRule } from "../../../src/model/verdict.js";
import type { CoordinatorState } from "../../../src/run/coordinator/coordinator-state.js";
import { folded, header, rule, second } from "../../support/records.js";

const aborting = (name: string, text: string, origin: RuleOrigin = "scenario"): SlaRule => ({
  ...rule(name, text, origin),
  abort: true,
});

/** State of a run that folded a second of the hold for each list of samples of `e2e`, microseconds. */
function stateOf(rules: readonly SlaRule[], seconds: readonly (readonly number[])[]): CoordinatorState {
  const fold = new RunFold(rules);
  fold.add(header({ rules }));
  fold.add({ type: "phase", span: { key: "hold", phase: "hold", startUs: 0, endUs: 60_000_000 } });
  for (const [at, samples] of seconds.entries())
    fold.add(second(at, rules, { hold: { "agent.response": { samples } } }));
  const state = {
    phase: "hold",
    startUs: 0,
    rampUs: 0,
    usersReady: 1,
    fold,
    snapshots: [],
    workersLost: 0,
    remaining: undefined,
  };
  return state as CoordinatorState;
}
const slow = (n: number): readonly number[] => Array.from({ length: n }, () => 9_000_000);

describe("a rule that ends its run", () => {
  it("does so once it is broken, and says which, when and by what", () => {
    const rules = [aborting("agent.response", "p95 < 2s")];
    const watch = breachWatch(header({ rules }), false);
    expect(watch?.(stateOf(rules, [[1000], slow(60)]))).toMatch(
      /^agent\.response p95 < 2s was broken 2\.00s into the run \(9\.\d+s, n = 61\)$/,
    );
  });

  it("does so as soon if it is about some of the turns", () => {
    const rules = [aborting("agent.response{prompt=report}", "p95 < 2s")];
    const [series] = rules.map(seriesOf);
    const fold = folded(rules, [
      header({ rules }),
      second(0, rules, { hold: { [series ?? ""]: { samples: slow(60) } } }),
    ]);
    const state = { ...stateOf(rules, []), fold };
    expect(breachWatch(header({ rules }), false)?.(state)).toContain("{prompt=report}");
  });

  it("waits while it holds", () => {
    const rules = [aborting("agent.response", "p95 < 20s")];
    expect(breachWatch(header({ rules }), false)?.(stateOf(rules, [slow(200)]))).toBeUndefined();
  });

  it("waits if a default was judged by its largest sample", () => {
    const rules = [aborting("agent.response", "p99 < 5s", "default")];
    expect(breachWatch(header({ rules }), false)?.(stateOf(rules, [slow(1)]))).toBeUndefined();
    expect(breachWatch(header({ rules }), false)?.(stateOf(rules, [slow(300)]))).toContain("p99 < 5s");
  });

  it("is one that says so, or any with --abort-on-fail", () => {
    const rules = [rule("agent.response", "p95 < 2s")];
    expect(breachWatch(header({ rules }), false)).toBeUndefined();
    expect(breachWatch(header({ rules }), true)?.(stateOf(rules, [slow(60)]))).toContain("p95 < 2s");
  });

  it("ends nothing while the run drains and settles", () => {
    const rules = [aborting("agent.response", "p95 < 2s")];
    const state = stateOf(rules, [slow(60)]);
    expect(breachWatch(header({ rules }), false)?.({ ...state, phase: "settle" })).toBeUndefined();
  });
});
