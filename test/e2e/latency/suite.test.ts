// Several scenarios in one command: one account and one exit code, also when stopped early, and run again in part.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ComparisonReport } from "../../../src/model/report/comparison.js";
import type { RunReport } from "../../../src/model/report/report.js";
import type { SuiteReport } from "../../../src/model/report/suite.js";
import { junitFaults } from "../../support/junit/faults.js";
import { FULL_ONLY } from "../../support/tags.js";
import type { Finished } from "../support/cli.js";
import { neutralServer } from "../support/neutral-server.js";
import { load } from "../support/scenario.js";
import { expectTimeToMeasure } from "../support/too-busy.js";
import { type Workspace, workspace } from "../support/workspace.js";

/** Verdicts of so small runs are those of the machine when it is busy: rules that no machine breaks or keeps. */
const EASY = { "agent.response": "max < 50s", "users.live": "off" };

function file(url: string): object {
  const scenario = (sla: object, hold = "700ms") => ({
    description: "a short walk",
    tags: ["all"],
    target: "system",
    load: load(2, hold, "0s"),
    journey: ["connect", { loop: [{ send: {} }, { think: "100ms" }] }],
    checks: [],
    sla: { ...EASY, ...sla },
  });
  return {
    version: 1,
    targets: { system: { url } },
    scenarios: {
      long: { ...scenario({}, "30s"), tags: [] },
      sound: scenario({}),
      broken: scenario({ "agent.response": "max < 1us" }),
      last: scenario({}),
    },
  };
}

/** The newest suite of the workspace, and the folder that it lies in. */
function suiteOf({ runFolders }: Workspace): { readonly folder: string; readonly suite: SuiteReport } {
  const folder = runFolders().findLast((one) => existsSync(join(one, "suite.json"))) ?? "";
  return { folder, suite: JSON.parse(readFileSync(join(folder, "suite.json"), "utf8")) as SuiteReport };
}

const reportOf = (folder: string, run: string | null): RunReport =>
  JSON.parse(readFileSync(join(folder, run ?? "", "report.json"), "utf8")) as RunReport;

const resultsOf = ({ runs }: SuiteReport): readonly (readonly [string, string])[] =>
  runs.map(({ scenario, result }) => [scenario, result]);

async function started(): Promise<Workspace> {
  const { url } = await neutralServer();
  return workspace(file(url));
}

const ended = (place: Workspace, args: readonly string[], env?: Record<string, string>): Promise<Finished> =>
  place.start(args, env).finished;

describe("a suite", () => {
  test("runs all, fails with one of them, tells the CI once, and runs again exactly that one", async (context) => {
    const place = await started();
    const step = join(place.folder, "step.md");
    writeFileSync(step, "");
    const output = join(place.folder, "output");
    const forCi = { GITHUB_STEP_SUMMARY: step, GITHUB_OUTPUT: output, GITHUB_ACTIONS: "true" };
    const copies = ["--junit", "ci/load.xml", "--summary", "ci/load.md"];
    const first = await ended(place, ["--tag", "all", ...copies], forCi);
    const { folder, suite } = suiteOf(place);
    for (const run of suite.runs) expectTimeToMeasure(context, reportOf(folder, run.folder));
    expect(first.code, first.stderr).toBe(1);
    expect(resultsOf(suite)).toEqual([
      ["sound", "PASS"],
      ["broken", "FAIL"],
      ["last", "PASS"],
    ]);
    expect(first.stderr).toContain("2/3 broken");
    expect(first.stdout).toMatch(/✗ FAIL {2}3 scenarios: 2 passed, 1 failed/);
    expect(readFileSync(step, "utf8").match(/^## /gm)).toHaveLength(1);
    const page = readFileSync(join(folder, "index.html"), "utf8");
    for (const run of suite.runs) {
      const report = join(folder, run.folder ?? "", "report.html");
      expect(existsSync(report)).toBe(true);
      expect(page).toContain(`href="../${basename(dirname(report))}/report.html"`);
    }
    const junit = readFileSync(join(folder, "junit.xml"), "utf8");
    expect(junit.match(/<testsuite /g)).toHaveLength(3);
    expect(readFileSync(join(place.folder, "ci", "load.xml"), "utf8")).toBe(junit);
    expect(await junitFaults(junit)).toEqual([]);
    expect(readFileSync(join(place.folder, "ci", "load.md"), "utf8")).toBe(
      readFileSync(join(folder, "summary.md"), "utf8"),
    );
    expect(readFileSync(output, "utf8")).toBe(
      `verdict=FAIL\nreport=${join("reports", basename(folder), "index.html")}\nfailed-rules=1\n`,
    );
    const [, at = ""] = /^::error file=scenarios\.yaml,line=(\d+),title=/m.exec(first.stderr) ?? [];
    expect(readFileSync(join(place.folder, "scenarios.yaml"), "utf8").split("\n")[Number(at) - 1]).toContain(
      "max < 1us",
    );

    const again = await ended(place, [
      "--only-failed",
      "reports",
      "--json",
      "--set",
      "sla.agent.response=max < 50s",
    ]);
    const told = JSON.parse(again.stdout) as SuiteReport & { readonly reports: readonly RunReport[] };
    for (const report of told.reports) expectTimeToMeasure(context, report);
    expect(again.code, again.stderr).toBe(0);
    expect(resultsOf(told)).toEqual([["broken", "PASS"]]);
    expect(told.reports.map(({ scenario }) => scenario.name)).toEqual(["broken"]);
    const nothing = await ended(place, ["--only-failed", "reports"]);
    expect([nothing.code, nothing.stdout]).toEqual([
      0,
      "nothing to run again: everything in reports passed\n",
    ]);
  });

  test("of repetitions is held against a baseline in one step, told to the CI, and kept in the history", async () => {
    const place = await started();
    await ended(place, ["sound", "--quiet"]);
    const [baseline = ""] = place.runFolders();
    const step = join(place.folder, "step.md");
    const args = ["sound", "--repeat", "2", "--baseline", baseline, "--json"];
    const gated = await ended(place, args, { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: step });
    const told = JSON.parse(gated.stdout) as SuiteReport & {
      readonly reports: readonly RunReport[];
      readonly comparisons: readonly ComparisonReport[];
    };
    expect(told.runs.map(({ scenario, repetition }) => [scenario, repetition])).toEqual([
      ["sound", 1],
      ["sound", 2],
    ]);
    expect(told.reports.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(told.comparisons.map(({ candidate }) => candidate.runs.length)).toEqual([2]);
    // A dozen turns decide nothing: the comparison says so, and the gate stays shut.
    expect([told.comparisons[0]?.verdict, gated.code]).toEqual(["INVALID", 3]);
    expect(gated.stderr).toMatch(
      /^::error file=scenarios\.yaml,line=\d+,title=gp-load sound%3A INVALID%3A comparison::/m,
    );
    expect(readFileSync(step, "utf8").match(/^## /gm)).toHaveLength(2);
    expect(existsSync(join(suiteOf(place).folder, "comparison.html"))).toBe(true);
    const history = readFileSync(join(place.reports, "index.html"), "utf8");
    expect(history.match(/-sound\/report\.html/g)).toHaveLength(3);
  });

  test("ends with the first that did not pass under --fail-fast, and the others are not run", {
    tags: FULL_ONLY,
  }, async () => {
    const place = await started();
    const { code } = await ended(place, ["broken", "last", "--fail-fast", "--quiet"]);
    expect(code).toBe(1);
    expect(resultsOf(suiteOf(place).suite)).toEqual([
      ["broken", "FAIL"],
      ["last", "not-run"],
    ]);
  });

  test("is ended by one Ctrl-C with exit code 130, and its files still tell of all", {
    tags: FULL_ONLY,
  }, async () => {
    const place = await started();
    const running = place.start(["last", "long"]);
    await running.said(/1\/2 long hold/);
    running.signal("SIGINT");
    const { code } = await running.finished;
    expect(code).toBe(130);
    const { suite, folder } = suiteOf(place);
    expect(resultsOf(suite)).toEqual([
      ["long", "INVALID"],
      ["last", "not-run"],
    ]);
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toContain("interrupted");
  });
});
