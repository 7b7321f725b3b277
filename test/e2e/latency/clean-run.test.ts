// A clean run against the reference backend: verdict, account, reports and streams as they are promised.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";
import { imbalance } from "../../../src/model/turn/ledger.js";
import { FULL_ONLY } from "../../support/tags.js";
import { load, scenarioFile } from "../support/scenario.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { workspace } from "../support/workspace.js";

const EMBEDDED = { embedded: true };
const ESCAPE = String.fromCharCode(27);

describe("a clean run against the reference backend", () => {
  test("passes with exit code 0, all five events of every turn, all users live and a balanced ledger", async (context) => {
    const place = workspace(scenarioFile(EMBEDDED, { load: load(12, "3s"), sla: {} }));
    const { report, code, folder, stdout, stderr } = await place.run(["e2e"]);
    expectTimeToMeasure(context, report);

    expect(report).toMatchObject({ verdict: "PASS", exitCode: 0, invalidReasons: [] });
    expect(code).toBe(0);
    expect(report.sla.map(({ metric, verdict }) => [metric, verdict])).toEqual(
      [
        "message.processing",
        "event.delivery",
        "agent.response",
        "history.query",
        "users.live",
        "turns.success",
        "turns.lost",
        "events.duplicate",
        "events.out-of-order",
        "events.leaked",
      ].map((metric) => [metric, "pass"]),
    );
    expect(ruleOf(report, "users.live").observed).toBe(12);
    expect(ruleOf(report, "event.delivery").n).toBe(5 * ruleOf(report, "agent.response").n);
    expect(report.ledger.attempted).toBeGreaterThan(30);
    expect(report.ledger.completed).toBe(report.ledger.attempted);
    expect(imbalance(report.ledger)).toBe(0);
    expect(report.anomalies.missing).toBe(0);
    expect(report.checks).toMatchObject([
      { check: "critical-events", status: "clean", judged: report.ledger.attempted },
      { check: "isolation", status: "clean" },
      { check: "history", status: "clean", judged: report.ledger.attempted },
    ]);

    const traces = report.turns.map(({ traceId }) => traceId);
    expect(traces.length).toBeGreaterThan(5);
    expect(new Set(traces).size).toBe(traces.length);
    for (const trace of traces) expect(trace).toMatch(/^[0-9a-f]{32}$/);

    expectReportFiles(folder, report);
    // Results on stdout, progress on stderr, and no escapes in either: they are pipes.
    expect(stdout).toContain("PASS");
    expect(stdout).toContain("report.html");
    expect(stderr).toContain("e2e");
    expect(stderr).not.toContain("PASS");
    expect(stdout + stderr).not.toContain(ESCAPE);
  });
});

describe("two workers", { tags: FULL_ONLY }, () => {
  test("give the same kind of result as one: every user once, every turn in one account", async (context) => {
    const place = workspace(scenarioFile(EMBEDDED, { load: load(7, "2s") }));
    const { report } = await place.run(["e2e", "--workers", "2"]);
    expectTimeToMeasure(context, report);
    expect(report).toMatchObject({ verdict: "PASS", exitCode: 0, generator: { workers: 2 } });
    expect(ruleOf(report, "users.live").observed).toBe(7);
    expect(report.phaseMetrics.prepare?.login?.count).toBe(7);
    expect(Math.max(...report.timeline.map(({ usersStarted }) => usersStarted))).toBe(7);
    expect(report.ledger.completed).toBe(report.ledger.attempted);
    expect(report.timeline.reduce((sum, point) => sum + point.turnsStarted, 0)).toBe(report.ledger.attempted);
    expect(report.timeline.reduce((sum, point) => sum + point.turnsEnded, 0)).toBe(report.ledger.attempted);
    expect(imbalance(report.ledger)).toBe(0);
  });
});

function ruleOf(report: RunReport, metric: string) {
  const rule = report.sla.find((result) => result.metric === metric);
  if (!rule) throw new Error(`no rule for ${metric}`);
  return rule;
}

function expectReportFiles(folder: string, report: RunReport): void {
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const records = read("run.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly type: string });
  expect(records[0]?.type).toBe("header");
  expect(records.at(-1)?.type).toBe("footer");
  expect(read("report.html")).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
  expect(read("junit.xml")).toContain("<testsuite");
  expect(read("summary.md")).toContain(report.verdict);
  expect(read("histograms.hlog")).toContain("agent.response");
  expect(existsSync(join(folder, "..", "latest", "report.json"))).toBe(true);
}
