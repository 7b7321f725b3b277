// The grammar of thresholds, form by form, and what it says of what it cannot read.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRIC_NAMES, METRICS } from "../../src/model/metric.js";
import { parseRule, slaSchema } from "../../src/sla/grammar.js";
import { rule } from "../support/records.js";

describe("a threshold", () => {
  it.each([
    ["agent.response", "p99 < 5s", "percentile", "<", 5_000_000, "us", "p99 < 5s"],
    ["agent.response", "p99.9<=1m30s", "percentile", "<=", 90_000_000, "us", "p99.9 <= 1m30s"],
    ["agent.response", "p95 250ms", "percentile", "<=", 250_000, "us", "p95 <= 250ms"],
    ["agent.response", "max < 10s", "max", "<", 10_000_000, "us", "max < 10s"],
    ["agent.response", "max 10s", "max", "<=", 10_000_000, "us", "max <= 10s"],
    ["agent.response", "min > 1ms", "min", ">", 1000, "us", "min > 1ms"],
    ["agent.response", "min 40µs", "min", ">=", 40, "us", "min >= 40µs"],
    ["agent.response", "mean < 1.5s", "mean", "<", 1_500_000, "us", "mean < 1.5s"],
    ["users.live", "min 100", "min", ">=", 100, "count", "min >= 100"],
    ["users.live", ">= 100", "min", ">=", 100, "count", "min >= 100"],
    ["users.live", "max 120", "max", "<=", 120, "count", "max <= 120"],
    ["users.live", "mean >= 90.5", "mean", ">=", 90.5, "count", "mean >= 90.5"],
    ["turns.success", ">= 99%", "value", ">=", 0.99, "ratio", ">= 99%"],
    ["turns.success", "min 99.9%", "value", ">=", 0.999, "ratio", ">= 99.9%"],
    ["turns.success", ">= 0.5", "value", ">=", 0.5, "ratio", ">= 0.5"],
    ["turns.lost", "== 0", "value", "==", 0, "count", "== 0"],
    ["turns.lost", "max 3", "value", "<=", 3, "count", "<= 3"],
    ["degradation", "<= 3x", "value", "<=", 3, "times", "<= 3x"],
    ["degradation", "< 2.5", "value", "<", 2.5, "times", "< 2.5"],
  ])("of %s may be written %s", (metric, text, kind, comparison, limit, unit, shown) => {
    expect(rule(metric, text)).toMatchObject({ metric, comparison, limit, unit, text: shown });
    expect(rule(metric, text).statistic.kind).toBe(kind);
  });

  it("keeps three decimals of a percentile, to the hundred-thousandth", () => {
    expect(rule("login", "p99.999 < 1s").statistic).toEqual({
      kind: "percentile",
      perHundredThousand: 99_999,
    });
    expect(rule("login", "p50 < 1s").statistic).toEqual({ kind: "percentile", perHundredThousand: 50_000 });
  });

  it("is read again from its own text as the very same rule", () => {
    const duration = fc
      .tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom("us", "ms", "s", "m", "h"))
      .map(([number, unit]) => `${number}${unit}`);
    const statistic = fc.oneof(
      fc.integer({ min: 1, max: 99 }).map((percent) => `p${percent}`),
      fc.constantFrom("max", "p99.9"),
    );
    const comparison = fc.constantFrom("<", "<=", " < ", " <= ");
    fc.assert(
      fc.property(statistic, comparison, duration, (what, compares, limit) => {
        const first = rule("agent.response", `${what}${compares}${limit}`);
        expect(rule("agent.response", first.text)).toEqual(first);
      }),
    );
    for (const [metric, text] of [
      ["users.live", ">= 100"],
      ["users.live", "min 3"],
      ["turns.success", "min 99.5 %"],
      ["degradation", "<= 3x"],
      ["turns.lost", "== 0"],
    ] as const) {
      const first = rule(metric, text);
      expect(rule(metric, first.text)).toEqual(first);
    }
  });

  it("of 99.9 % is held by 999 of 1000", () => {
    expect(999 / 1000).toBeGreaterThanOrEqual(rule("turns.success", ">= 99.9%").limit);
  });
});

describe("what is no threshold", () => {
  it.each([
    ["agent.responze", "p99 < 5s", 'there is no metric "agent.responze"; did you mean "agent.response"?'],
    ["utterly-unlike-anything-known", "p99 < 5s", 'there is no metric "utterly-unlike-anything-known"'],
    ["toString", "== 0", 'there is no metric "toString"'],
    ["__proto__", "== 0", 'there is no metric "__proto__"'],
    ["agent.response", "fast", '"fast" is not a threshold; write for example "p99 < 5s" or "max < 5s"'],
    ["agent.response", "5s", '"5s" is not a threshold; write for example "p99 < 5s" or "max < 5s"'],
    ["agent.response", "p100 < 5s", "is not a threshold"],
    ["agent.response", "p0 < 5s", '"p0" is not a percentile between p1 and p99.999'],
    ["agent.response", "p99 > 5s", 'a percentile is bounded from above; write "p99 < 5s"'],
    ["agent.response", "p99 == 5s", 'a percentile is bounded from above; write "p99 < 5s"'],
    ["agent.response", "max > 5s", 'a maximum is bounded from above; write "max < 5s"'],
    ["agent.response", "max == 5s", 'a maximum is bounded from above; write "max < 5s"'],
    ["agent.response", "p99 < 5", '"5" is not a duration; write for example 250ms, 5s or 1m'],
    ["agent.response", "p99 < 0", '"0" is not a duration'],
    ["agent.response", "< 5s", 'is a duration: say which statistic, as in "p99 < 5s" or "max < 5s"'],
    ["agent.response", "mean 5s", '"mean" needs a comparison, as in "mean < 2s"'],
    ["users.live", "100", '"100" is not a threshold; write for example "min 100"'],
    ["users.live", "p99 < 100", 'users.live is one number and has no p99; write for example "min 100"'],
    ["users.live", "mean 100", '"mean" needs a comparison'],
    ["turns.lost", "mean < 3", "turns.lost is one number and has no mean"],
    ["turns.lost", "== many", '"== many" is not a threshold; write for example "== 0"'],
    ["turns.lost", "== 3s", '"3s" is not a number'],
    ["turns.success", ">= 150%", '"150%" is not a share; write for example 99% or 0.99'],
    ["turns.success", ">= 99", '"99" is not a share'],
    ["turns.success", "99%", '"99%" is not a threshold; write for example "min 99%"'],
    ["degradation", "<= 0x", '"0x" is not a factor; write for example 3x'],
    ["degradation", "fast", '"fast" is not a threshold; write for example "<= 3x"'],
    ["turns.lost", "== 1.2.3", '"1.2.3" is not a number'],
  ])("of %s: %s is answered with its mend", (metric, text, problem) => {
    const parsed = parseRule(metric, text, "scenario");
    expect("problem" in parsed ? parsed.problem : parsed).toContain(problem);
  });

  it("never throws, whatever the text", () => {
    const parts = fc.constantFrom("p99", "min", "<", ">=", "5", "s", "%", " ", "x", ".", "µ", "toString");
    const text = fc.oneof(
      fc.string(),
      fc.array(parts).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(fc.constantFrom(...METRIC_NAMES), text, (metric, written) => {
        const parsed = parseRule(metric, written, "default");
        if ("problem" in parsed) expect(parsed.problem.length).toBeGreaterThan(10);
        else {
          expect(Number.isFinite(parsed.rule.limit)).toBe(true);
          expect(parsed.rule.unit === "us").toBe(METRICS[metric].unit === "us");
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the part of a scenario file", () => {
  it("takes one threshold, a list of them, or off", () => {
    const parsed = slaSchema.parse({
      "agent.response": ["p99 < 5s", "max < 10s"],
      "users.live": "min 100",
      "history.query": "off",
      "search.query": false,
    });
    expect(parsed.rules.map(({ metric, text }) => `${metric} ${text}`)).toEqual([
      "agent.response p99 < 5s",
      "agent.response max < 10s",
      "users.live min >= 100",
    ]);
    expect(parsed.off).toEqual(["history.query", "search.query"]);
    expect(parsed.rules.every(({ origin }) => origin === "scenario")).toBe(true);
  });

  it("takes a threshold that ends the run, alone and in a list", () => {
    const { rules } = slaSchema.parse({
      "agent.response": [{ rule: "p95 < 2s", abort: true }, "max < 10s"],
      "turns.lost": { rule: "== 0", abort: true },
    });
    expect(rules.map(({ text, abort }) => [text, abort])).toEqual([
      ["p95 < 2s", true],
      ["max < 10s", undefined],
      ["== 0", true],
    ]);
    expect(slaSchema.safeParse({ "turns.lost": { rule: "== 0", abort: false } }).success).toBe(false);
  });

  it("names the place of every problem at once", () => {
    const parsed = slaSchema.safeParse({
      "agent.response": ["p99 < 5s", "quick"],
      "user.live": "off",
      toString: "== 0",
      "turns.success": 99,
    });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual([
      "agent.response.1",
      "user.live",
      "toString",
      "turns.success",
    ]);
    expect(parsed.error?.issues[1]?.message).toContain('did you mean "users.live"?');
  });
});

describe("another name of a metric", () => {
  it.each([
    ["answer.first", "p99 < 5s", "ttft"],
    ["e2e", "p99 < 5s", "agent.response"],
    ["goodput", ">= 99%", "goodput.share"],
  ])("such as %s with %s is understood, and remembered as it is written", (written, text, metric) => {
    expect(rule(written, text)).toMatchObject({ metric, written });
  });

  it("is none of a name that is the metric's own", () => {
    expect(rule("goodput", ">= 20")).toMatchObject({ metric: "goodput", unit: "count" });
    expect(rule("goodput", ">= 20")).not.toHaveProperty("written");
    expect(rule("ttft", "p99 < 5s")).not.toHaveProperty("written");
  });

  it("also takes a default away", () => {
    expect(slaSchema.parse({ e2e: "off" }).off).toEqual(["agent.response"]);
  });
});

describe("a threshold of only some turns", () => {
  it.each([
    [
      "agent.response{prompt=report}",
      "p95 < 20s",
      "agent.response",
      { prompt: "report" },
      "{prompt=report} p95 < 20s",
    ],
    [
      "e2e{ group = a b , step=send}",
      "max 1s",
      "agent.response",
      { group: "a b", step: "send" },
      "{group=a b, step=send} max <= 1s",
    ],
    ["tool.duration{tool=sql}", "p99 < 2s", "tool.duration", { tool: "sql" }, "{tool=sql} p99 < 2s"],
    ["history.query{phase=ramp}", "p99 < 2s", "history.query", { phase: "ramp" }, "{phase=ramp} p99 < 2s"],
  ])("may be written %s", (written, text, metric, where, shown) => {
    expect(rule(written, text)).toMatchObject({ metric, where, text: shown, written });
  });

  it.each([
    ["agent.response{prompt}", "is not a label and its value"],
    ["agent.response{colour=red}", "labels are group, prompt"],
    ["agent.response{}", "is not a label and its value"],
    ["agent.response{prompt=a", "is not a metric with labels"],
    ["agent.respons{prompt=a}", 'did you mean "agent.response"?'],
    ["agent.response{tool=sql}", "is not broken down by tools"],
    ["event.delivery{prompt=a}", "is not broken down by labels"],
    ["turns.success{phase=hold}", "is not broken down by labels"],
  ])("written %s is refused with its mend", (written, problem) => {
    const parsed = parseRule(written, "p95 < 20s", "scenario");
    expect("problem" in parsed ? parsed.problem : parsed).toContain(problem);
  });
});
