// Rules on model calls: shares by exact sums, and what calls without a turn leave open.
import { describe, expect, it } from "vitest";
import { RunFold } from "../../src/metrics/run-fold.js";
import type { SlaResult, SlaRule } from "../../src/model/verdict.js";
import { cachedShare, stablePrefix, withNobodysCalls } from "../../src/sla/model-calls.js";
import { metricState, rule } from "../support/records.js";

function foldOf(samples: Readonly<Record<string, readonly number[]>>): RunFold {
  const fold = new RunFold([]);
  const metrics = Object.fromEntries(
    Object.entries(samples).map(([metric, values]) => [metric, metricState([], metric, { samples: values })]),
  );
  fold.add({
    ...({
      type: "second",
      second: 0,
      phase: "hold",
      usersLive: 1,
      usersStarted: 1,
      turnsStarted: 1,
    } as const),
    ...{ turnsEnded: 1, turnsInFlight: 0, metrics: { hold: metrics }, deltas: {}, errors: {}, generator: [] },
  });
  return fold;
}

const judged = (
  metric: SlaResult["metric"],
  verdict: SlaResult["verdict"],
  comparison: SlaRule["comparison"] = "<=",
): SlaResult => ({
  ...{
    metric,
    verdict,
    comparison,
    rule: "p99 <= 8",
    observed: 8,
    limit: 8,
    observedText: "8",
    limitText: "<= 8",
  },
  ...{ n: 300, violations: 0, censored: 0, origin: "scenario" },
});

describe("a stable prefix", () => {
  it("is the share of all bytes that follow another prompt, and unknown if none does", () => {
    expect(stablePrefix(foldOf({ "prompt.stable": [900, 0], "prompt.grown": [100, 1000] })).value).toBe(0.45);
    expect(stablePrefix(foldOf({ "prompt.bytes": [900] })).value).toBeUndefined();
  });
});

describe("cached tokens", () => {
  it("are a share of all input tokens, and unknown if some turns told nothing of them", () => {
    expect(cachedShare(foldOf({ "tokens.input": [100, 300], "tokens.cached": [0, 300] })).value).toBe(0.75);
    expect(cachedShare(foldOf({ "tokens.input": [100, 300], "tokens.cached": [100] })).value).toBeUndefined();
    expect(cachedShare(foldOf({})).value).toBeUndefined();
  });

  it("with a limit in percent are that share, and else a number", () => {
    expect(rule("tokens.cached", ">= 60%")).toMatchObject({ metric: "tokens.cached.share", limit: 0.6 });
    expect(rule("tokens.cached", "p50 <= 600")).toMatchObject({ metric: "tokens.cached", limit: 600 });
  });
});

describe("calls that are nobody's", () => {
  const fold = (nobody: number): RunFold => {
    const made = new RunFold([]);
    made.add({ type: "model", calls: 1000, nobody, late: 0, heads: [] });
    return made;
  };

  it("keep an upper limit on calls from passing, and one on overhead from failing", () => {
    expect(withNobodysCalls(judged("model.calls", "pass"), fold(50)).verdict).toBe("no-data");
    expect(withNobodysCalls(judged("model.calls", "fail"), fold(50)).verdict).toBe("fail");
    expect(withNobodysCalls(judged("overhead", "fail"), fold(50)).verdict).toBe("no-data");
    expect(withNobodysCalls(judged("overhead", "pass"), fold(50)).verdict).toBe("pass");
    expect(withNobodysCalls(judged("model.time", "fail", ">="), fold(50)).verdict).toBe("no-data");
  });

  it("change nothing if they are few, if nobody counted, and for other metrics", () => {
    expect(withNobodysCalls(judged("model.calls", "pass"), fold(10)).verdict).toBe("pass");
    expect(withNobodysCalls(judged("model.calls", "pass"), new RunFold([])).verdict).toBe("pass");
    expect(withNobodysCalls(judged("agent.response", "pass"), fold(900)).verdict).toBe("pass");
  });
});
