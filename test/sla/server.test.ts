// Promises of rules on what the target tells of itself: exact statistics of the hold, and no verdict on silence.
import { describe, expect, it } from "vitest";
import type { RunLogRecord } from "../../src/model/log/run-log.js";
import { parseRule } from "../../src/sla/grammar.js";
import { serverValue } from "../../src/sla/server.js";
import { folded, rule, second } from "../support/records.js";

/** A hold of so many seconds behind a ramp of two, in which the target told a value in some. */
function told(seconds: number, value: (second: number) => number | undefined) {
  const records: RunLogRecord[] = [];
  for (let at = 0; at < seconds + 2; at++) {
    records.push({ ...second(at, [], {}), phase: at < 2 ? "ramp" : "hold" });
    const one = at < 2 ? 1e9 : value(at - 2);
    if (one === undefined) records.push({ type: "target", second: at, missing: { rss: "answered 500" } });
    else records.push({ type: "target", second: at, values: { rss: one } });
  }
  return folded([], records);
}
const judged = (text: string, fold: ReturnType<typeof told>) =>
  serverValue(rule("server.rss", text), "server.rss", fold);

describe("a rule on what the target tells", () => {
  it("is judged by the values of the hold's seconds, exactly", () => {
    const fold = told(100, (at) => at + 1);
    expect(judged("max < 101", fold)).toEqual({ value: 100, n: 100, violations: 0 });
    expect(judged("max < 100", fold)).toEqual({ value: 100, n: 100, violations: 1 });
    expect(judged("mean < 60", fold)).toMatchObject({ value: 50.5 });
    expect(judged("min > 0", fold)).toMatchObject({ value: 1, violations: 0 });
    expect(judged("p95 < 96", fold)).toMatchObject({ value: 95, violations: 5 });
    expect(judged("p99 < 200", fold)).toMatchObject({ value: undefined, note: "100 seconds, 299 needed" });
  });

  it("is no-data if the target did not tell, with the cause, and never 0", () => {
    expect(
      judged(
        "max < 1",
        told(10, () => undefined),
      ),
    ).toMatchObject({
      value: undefined,
      note: "the target never reported it during the hold: answered 500",
    });
    const gaps = told(100, (at) => (at % 4 === 0 ? undefined : 5));
    expect(judged("max < 10", gaps)).toMatchObject({
      value: undefined,
      note: "the target reported it in only 75 of 100 seconds: answered 500",
    });
    // What was seen beyond the limit is certain, whatever the others were.
    expect(judged("max < 4", gaps)).toMatchObject({ value: 5, n: 75, violations: 75 });
    expect(judged("mean < 4", gaps)).toMatchObject({ value: undefined });
    expect(
      judged(
        "max < 10",
        told(100, (at) => (at < 5 ? undefined : 5)),
      ),
    ).toMatchObject({ value: 5 });
  });
});

describe("its text", () => {
  const parsed = (text: string) => parseRule("server.pool-in-use", text, "scenario");

  it("takes limits in Prometheus' base units", () => {
    const limits = ["max < 2GB", "p99 < 50", "mean < 80%", "max < 100ms"].map((text) => {
      const made = parsed(text);
      return "rule" in made ? [made.rule.limit, made.rule.unit] : made.problem;
    });
    expect(limits).toEqual([
      [2_000_000_000, "bytes"],
      [50, "count"],
      [0.8, "ratio"],
      [0.1, "seconds"],
    ]);
  });

  it("wants a statistic and a limit, and no labels", () => {
    expect(parsed("< 3")).toEqual({ problem: expect.stringContaining("say which statistic") });
    expect(parsed("max < fast")).toEqual({ problem: expect.stringContaining("max < 2GB") });
    expect(parseRule("server.x{tool=a}", "max < 3", "scenario")).toEqual({
      problem: expect.stringContaining("not broken down by labels"),
    });
    expect(parseRule("server.", "max < 3", "scenario")).toEqual({
      problem: expect.stringContaining("no metric"),
    });
  });
});
