// Judging one threshold on exact counts.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClockInterval, DELTA_BUCKET_US, DeltaCounts } from "../../src/metrics/clock-interval.js";
import { Distribution } from "../../src/metrics/distribution.js";
import type { SlaResult, SlaRule } from "../../src/model/verdict.js";
import { type Sampled, sampledDeltas, sampledOf } from "../../src/sla/evidence.js";
import { agree, type JudgeContext, judgeSampled, judgeValue } from "../../src/sla/judge.js";
import { NO_OWN_DELAY, type OwnDelays } from "../../src/sla/own-delay.js";
import { metricState, rule, times } from "../support/records.js";

const CONTEXT: JudgeContext = { plannedSamples: {}, own: NO_OWN_DELAY, turnTimeoutUs: 90_000_000 };
const P99 = rule("agent.response", "p99 < 5s");

function sampled(of: SlaRule, samples: readonly number[], censored = 0): Sampled {
  const limits = [{ us: of.limit, inclusive: of.comparison === "<=" }];
  const state = metricState([of], of.metric, { samples, censored });
  return sampledOf(Distribution.of(state, limits), [of]);
}

function judge(
  of: SlaRule,
  samples: readonly number[],
  censored = 0,
  context: Partial<JudgeContext> = {},
): SlaResult {
  return judgeSampled(of, sampled(of, samples, censored), { ...CONTEXT, ...context });
}

/** A generator that may have added so much to any percentile. */
const lateBy = (us: number): OwnDelays => ({ ...NO_OWN_DELAY, percentileUs: us, maxUs: us });

describe("a percentile", () => {
  it("passes while no more samples violate it than it tolerates, and fails with one more", () => {
    const enough = [...times(297, 1_000_000), ...times(3, 6_000_000)];
    expect(judge(P99, enough)).toMatchObject({ verdict: "pass", n: 300, violations: 3 });
    expect(judge(P99, enough).observed).toBeCloseTo(1000, -1);
    const oneMore = [...times(296, 1_000_000), ...times(4, 6_000_000)];
    expect(judge(P99, oneMore)).toMatchObject({ verdict: "fail", n: 300, violations: 4, observed: 6000 });
  });

  it("is decided by the exact count, not by a histogram that rounds", () => {
    // 4,999,999 µs and 5,000,000 µs share a bucket of the histogram, and only one of them is under 5 s.
    expect(judge(P99, times(300, 4_999_999)).verdict).toBe("pass");
    expect(judge(P99, times(300, 5_000_000)).verdict).toBe("fail");
  });

  it("takes the limit itself as kept with <= and as broken with <", () => {
    const inclusive = rule("agent.response", "p99 <= 5s");
    expect(judge(inclusive, times(300, 5_000_000)).verdict).toBe("pass");
    expect(judge(inclusive, times(300, 5_000_001)).verdict).toBe("fail");
    expect(judge(P99, times(300, 5_000_000)).verdict).toBe("fail");
  });

  it("of whole numbers is judged by what was counted, and the generator's own delay explains none of it", () => {
    const calls: SlaRule = {
      ...P99,
      metric: "event.gap",
      comparison: "<=",
      limit: 8,
      unit: "tally",
      text: "p99 <= 8",
    };
    const late = { own: lateBy(50_000) };
    expect(judge(calls, [...times(297, 0), ...times(3, 9)], 0, late)).toMatchObject({
      verdict: "pass",
      observed: 0,
    });
    expect(judge(calls, [...times(290, 0), ...times(10, 9)], 0, late)).toMatchObject({
      ...{ verdict: "fail", observed: 9, observedText: "9", limitText: "<= 8", limit: 8 },
    });
    const timed = { ...calls, unit: "us" } as const;
    expect(judge(timed, [...times(290, 0), ...times(10, 9)], 0, late).verdict).toBe("no-data");
  });

  it("ranks attempts that never ended as infinite: above every sample, never left out", () => {
    expect(judge(P99, times(297, 1000), 3).verdict).toBe("pass");
    const failed = judge(P99, times(296, 1000), 4);
    expect(failed).toMatchObject({ verdict: "fail", n: 300, censored: 4, observed: null });
    expect(failed.observedText).toBe("> 1m30s");
    // A request has a time limit of its own, which is not a turn's.
    const query = judge(rule("history.query", "p99 < 100ms"), times(296, 1000), 4);
    expect(query).toMatchObject({
      verdict: "fail",
      observedText: "not in time",
      comparison: "<",
      limit: 100,
    });
  });

  it("without samples is no-data, never a pass", () => {
    expect(judgeSampled(P99, undefined, CONTEXT)).toMatchObject({
      verdict: "no-data",
      note: "no samples",
      n: 0,
    });
    expect(judge(P99, []).verdict).toBe("no-data");
  });

  it("that the scenario wrote is no-data with too few samples", () => {
    expect(judge(P99, times(298, 1000))).toMatchObject({
      verdict: "no-data",
      n: 298,
      note: "298 samples, 299 needed",
    });
    expect(judge(P99, times(299, 1000)).verdict).toBe("pass");
  });

  it("fails on few samples where so many violations cannot be chance", () => {
    expect(judge(P99, [...times(30, 1000), ...times(10, 9_000_000)])).toMatchObject({
      verdict: "fail",
      note: "only 40 samples, but beyond chance",
    });
    expect(judge(P99, [...times(39, 1000), 9_000_000]).verdict).toBe("no-data");
  });

  it("of the defaults is judged, and labelled, as a maximum if the plan expected too few samples", () => {
    const byDefault = rule("agent.response", "p99 < 5s", "default");
    const passed = judge(byDefault, times(40, 1000), 0, { plannedSamples: { "agent.response": 40 } });
    expect(passed).toMatchObject({
      verdict: "pass",
      judgedAs: "max (40 samples, 299 needed for the percentile)",
    });
    const failed = judge(byDefault, [...times(39, 1000), 9_000_000], 0, {
      plannedSamples: { "agent.response": 40 },
    });
    expect(failed).toMatchObject({ verdict: "fail", observed: 9000 });
    expect(failed.judgedAs).toContain("max");
    expect(judge(byDefault, times(39, 1000), 1).verdict).toBe("fail");
  });

  it("of the defaults is no-data if the plan expected enough and they did not come", () => {
    const byDefault = rule("agent.response", "p99 < 5s", "default");
    const result = judge(byDefault, times(40, 1000), 0, { plannedSamples: { "agent.response": 299 } });
    expect(result.verdict).toBe("no-data");
    expect(result.judgedAs).toBeUndefined();
  });

  it("that exceeds its limit by no more than the generator's own delay is no-data", () => {
    const late = times(300, 5_010_000);
    expect(judge(P99, late, 0, { own: lateBy(9000) }).verdict).toBe("fail");
    expect(judge(P99, late, 0, { own: lateBy(20_000) })).toMatchObject({
      verdict: "no-data",
      observed: 5010,
      byGenerator: true,
      note: "over its limit by no more than the generator's own delay of up to 20.0ms",
    });
    expect(judge(P99, times(300, 4_990_000), 0, { own: lateBy(2_000_000) }).verdict).toBe("pass");
    expect(judge(P99, times(290, 1000), 10, { own: lateBy(20_000) }).verdict).toBe("fail");
  });

  it("agrees with counting by hand, whatever the samples", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 299, maxLength: 600 }),
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom("p50 < 5s", "p90 <= 5s", "p99 < 9.9s"),
        (samples, censored, text) => {
          const of = rule("agent.response", text);
          const share = of.statistic.kind === "percentile" ? of.statistic.perHundredThousand / 100_000 : 1;
          const all = [...samples, ...times(censored, Number.POSITIVE_INFINITY)].sort((a, b) => a - b);
          const rank = Math.ceil(Math.round(share * all.length * 1e6) / 1e6);
          const exact = all[rank - 1] ?? 0;
          const holds = of.comparison === "<" ? exact < of.limit : exact <= of.limit;
          expect(judge(of, samples, censored).verdict).toBe(holds ? "pass" : "fail");
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a maximum", () => {
  const most = rule("agent.response", "max < 5s");

  it("fails for one sample beyond it, and for one attempt that never ended", () => {
    expect(judge(most, times(10, 4_999_999))).toMatchObject({ verdict: "pass", observed: 4999.999 });
    expect(judge(most, [...times(10, 1000), 5_000_000]).verdict).toBe("fail");
    expect(judge(most, times(10, 1000), 1)).toMatchObject({ verdict: "fail", observed: null });
  });
});

describe("a mean and a minimum", () => {
  it("are compared as they are written", () => {
    expect(judge(rule("agent.response", "mean < 2s"), [1_000_000, 2_999_999]).verdict).toBe("pass");
    expect(judge(rule("agent.response", "mean < 2s"), [1_000_000, 3_000_000]).verdict).toBe("fail");
    expect(judge(rule("agent.response", "mean <= 2s"), [1_000_000, 3_000_000]).verdict).toBe("pass");
    expect(judge(rule("agent.response", "min > 1ms"), [1001, 5]).verdict).toBe("fail");
    expect(judge(rule("agent.response", "min >= 1ms"), [1000, 2000]).verdict).toBe("pass");
  });

  it("of attempts that never ended is no-data, for they have no mean", () => {
    expect(judge(rule("agent.response", "mean < 2s"), times(100, 1000), 1)).toMatchObject({
      verdict: "no-data",
      note: "1 of 101 attempts never ended, so there is no mean",
    });
    expect(judge(rule("agent.response", "min > 1us"), [], 3).verdict).toBe("no-data");
  });
});

describe("a metric that is one number", () => {
  it.each([
    ["turns.lost", "== 0", 0, "pass"],
    ["turns.lost", "== 0", 1, "fail"],
    ["turns.success", ">= 99%", 0.99, "pass"],
    ["turns.success", ">= 99%", 0.9899, "fail"],
    ["turns.success", "> 99%", 0.99, "fail"],
    ["degradation", "<= 3x", 3, "pass"],
    ["degradation", "< 3x", 3, "fail"],
  ])("%s %s at %d is a %s", (metric, text, value, verdict) => {
    expect(judgeValue(rule(metric, text), { value, n: 100, violations: 0 }, CONTEXT).verdict).toBe(verdict);
  });

  it("without a value is no-data, and says why", () => {
    const none = { value: undefined, n: 7, violations: 0, note: "a worker was lost" };
    const result = judgeValue(rule("users.live", "min 3"), none, CONTEXT);
    expect(result).toMatchObject({ verdict: "no-data", note: "a worker was lost", n: 7, observed: null });
    expect(judgeValue(rule("goodput.share", ">= 99%"), undefined, CONTEXT).verdict).toBe("no-data");
    expect(judgeValue(rule("goodput", ">= 99%"), undefined, CONTEXT).note).toBe(
      "no data; `goodput` now counts turns per second: the share is `goodput.share`",
    );
  });

  it("is no evidence if it would hold without what the generator did", () => {
    const factor = rule("degradation", "<= 3x");
    const grown = { value: 6.5, n: 2, violations: 0, note: "agent.response p95 10ms → 65ms" };
    expect(judgeValue(factor, { ...grown, withoutOwn: 1.2 }, CONTEXT)).toMatchObject({
      verdict: "no-data",
      observed: 6.5,
      byGenerator: true,
    });
    expect(judgeValue(factor, { ...grown, withoutOwn: 4 }, CONTEXT).verdict).toBe("fail");
    expect(judgeValue(factor, { ...grown, value: 2, withoutOwn: 1.2 }, CONTEXT).verdict).toBe("pass");
  });

  it("never rounds a share up to its limit", () => {
    const result = judgeValue(
      rule("turns.success", ">= 99%"),
      { value: 0.98999, n: 1, violations: 0 },
      CONTEXT,
    );
    expect(result).toMatchObject({
      verdict: "fail",
      observedText: "98.99%",
      comparison: ">=",
      limit: 0.99,
      limitText: ">= 99%",
    });
  });
});

describe("a server's clock that is known only as an interval", () => {
  const delivery = rule("event.delivery", "p99 < 1s");
  const judgeAt = (deltas: DeltaCounts, clock: ClockInterval): SlaResult => {
    const low = judgeSampled(delivery, sampledDeltas(deltas.buckets(), clock.lowUs, "lower"), CONTEXT);
    const high = judgeSampled(delivery, sampledDeltas(deltas.buckets(), clock.highUs, "upper"), CONTEXT);
    return agree(low, high, {
      known: "server clock known to 2.00s",
      why: "the clock is known only to 2.00s",
    });
  };
  /** 400 events that are each on the way for so long; sent 1 ms before they are emitted, by a clock 3 h ahead. */
  const watched = (delayUs: number): { deltas: DeltaCounts; clock: ClockInterval } => {
    const deltas = new DeltaCounts();
    const clock = new ClockInterval();
    const ahead = 3 * 3_600_000_000;
    for (let at = 0; at < 400; at++) {
      const sent = at * 1_000_000;
      const emitted = sent + 1000 + ahead;
      const received = sent + 1000 + delayUs;
      clock.observe(emitted, received, sent);
      deltas.add(received - emitted);
    }
    return { deltas, clock };
  };

  it("lets no constant delay of 1.5 s vanish if a pong narrows it", () => {
    const { deltas, clock } = watched(1_500_000);
    clock.observe(3 * 3_600_000_000 + 500, 1000, Number.NaN);
    expect(judgeAt(deltas, clock)).toMatchObject({ verdict: "fail" });
  });

  it("leaves the same delay unknown, not passed, if nothing narrows it", () => {
    const { deltas, clock } = watched(1_500_000);
    const result = judgeAt(deltas, clock);
    expect(result.verdict).toBe("no-data");
    expect(result.note).toContain("known only to 2.00s");
    expect(result.note).toContain("or 1.50s");
  });

  it("passes a delay that holds at either end", () => {
    const { deltas, clock } = watched(200_000);
    expect(judgeAt(deltas, clock)).toMatchObject({ verdict: "pass", note: "server clock known to 2.00s" });
  });

  it("counts a bucket against the verdict of its end: its low edge at the low end, its high edge at the high", () => {
    const deltas = new DeltaCounts();
    deltas.add(1_000_100, 300);
    const low = sampledDeltas(deltas.buckets(), 0, "lower");
    const high = sampledDeltas(deltas.buckets(), 0, "upper");
    expect(low.maxUs).toBe(1_000_000);
    expect(high.maxUs).toBe(1_000_000 + DELTA_BUCKET_US);
    expect(high.violations(delivery)).toBe(300);
    expect(high.valueAt(0.99)).toBe(high.maxUs);
    expect(sampledDeltas([], 0, "lower").valueAt(0.99)).toBeUndefined();
  });
});
