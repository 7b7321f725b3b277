// Degradation: p95 under load against p95 of a tenth of it.
import { describe, expect, it } from "vitest";
import { Distribution } from "../../src/metrics/distribution.js";
import { degradationOf } from "../../src/sla/degradation.js";
import { type Sampled, sampledOf } from "../../src/sla/evidence.js";
import { rule, times } from "../support/records.js";

const RULES = [rule("agent.response", "p99 < 10s"), rule("history.query", "p99 < 100ms")];

function view(samples: Readonly<Record<string, readonly number[]>>, censored = 0) {
  return (metric: string): Sampled | undefined => {
    const values = samples[metric];
    if (!values) return undefined;
    const distribution = new Distribution();
    for (const us of values) distribution.add(us);
    distribution.censor(censored);
    return sampledOf(distribution, []);
  };
}

const of = (before: Readonly<Record<string, readonly number[]>>, after: typeof before, censored = 0) =>
  degradationOf(RULES, view(before), view(after, censored));

describe("degradation", () => {
  it("is the factor by which the worst metric's p95 grew", () => {
    const result = of(
      { "agent.response": times(59, 1_000_000), "history.query": times(59, 10_000) },
      { "agent.response": times(59, 4_000_000), "history.query": times(59, 50_000) },
    );
    expect(result.value).toBeCloseTo(5, 1);
    expect(result.note).toBe("history.query p95 10.0ms → 50.0ms");
    expect(result.n).toBe(2);
  });

  it("forgives any factor of a growth within a tenth of the limit: a ratio of a few milliseconds means nothing", () => {
    const before = { "agent.response": times(59, 10_000) };
    expect(of(before, { "agent.response": times(59, 1_000_000) }).value).toBe(1);
    expect(of(before, { "agent.response": times(59, 1_100_000) }).value).toBeGreaterThan(100);
  });

  it("has no value if the baseline lacks the 59 samples of a p95, or the load does", () => {
    const enough = { "agent.response": times(59, 1000) };
    const few = { "agent.response": times(58, 1000) };
    expect(of(few, enough)).toMatchObject({
      value: undefined,
      note: "the baseline step has too few samples",
    });
    expect(of(enough, few).value).toBeUndefined();
    expect(of(enough, enough).value).toBe(1);
  });

  it("is infinite if the load's p95 never ended", () => {
    const both = { "agent.response": times(100, 1_000_000) };
    expect(of(both, both, 20).value).toBe(Number.POSITIVE_INFINITY);
  });

  it("looks only at metrics that have a limit", () => {
    const before = { "message.processing": times(59, 1000) };
    const after = { "message.processing": times(59, 90_000_000) };
    expect(of(before, after).value).toBeUndefined();
  });
});
