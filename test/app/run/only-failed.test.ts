// `--only-failed`: what is run again, and what is refused, before anything is started.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AXES } from "../../../src/app/axes.js";
import { failedBefore } from "../../../src/app/run/only-failed.js";
import type { SuiteResult } from "../../../src/model/report/suite.js";
import { renderSuiteJson } from "../../../src/report/suite/json.js";
import { openScenarios } from "../../../src/scenarios/source.js";
import { FILE, type Ran, run } from "../../commands/command.fixture.js";
import { passSample } from "../../report/samples.js";
import { ran, suiteOf } from "../../report/suite/samples.js";
import { header } from "../../support/records.js";

/** A suite.json of runs with these results. */
function suiteText(results: Readonly<Record<string, SuiteResult>>): string {
  const { suite } = suiteOf(Object.keys(results).map((name) => ran(name, passSample().report)));
  return renderSuiteJson({
    ...suite,
    runs: suite.runs.map((run) => ({ ...run, result: results[run.scenario] ?? "PASS" })),
  });
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "gp-load-again-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ "scenarios.yaml": FILE, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function failedIn(dir: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const cwd = folderWith(files);
  const failed = await failedBefore(
    dir,
    await openScenarios(["scenarios.yaml"], { cwd, axes: AXES, env: {} }),
    cwd,
  );
  return failed.map(({ scenario }) => scenario);
}

const gpLoad = (args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  run(args, { "scenarios.yaml": FILE, ...files });

describe("what is run again", () => {
  it("is what failed, was invalid, or was not run", async () => {
    for (const result of ["FAIL", "INVALID", "not-run"] as const) {
      const files = { "old/suite.json": suiteText({ small: "PASS", steps: result }) };
      expect(await failedIn("old", files)).toEqual(["steps"]);
    }
  });

  it("comes from the newest suite of a folder of reports", async () => {
    const files = {
      "reports/20260101T000000000Z-suite/suite.json": suiteText({ small: "FAIL", steps: "FAIL" }),
      "reports/20260102T000000000Z-suite/suite.json": suiteText({ small: "FAIL", steps: "PASS" }),
      "reports/20260103T000000000Z-small/run.jsonl": "a later run that belongs to no suite",
    };
    expect(await failedIn("reports", files)).toEqual(["small"]);
  });

  it("comes from a single run as well, read from its log", async () => {
    const files = {
      "reports/20260101T000000000Z-small/run.jsonl": `${JSON.stringify(header({ scenario: { name: "small", description: "", tags: [] } }))}\n`,
    };
    // The log of a run that crashed has only begun.
    expect(await failedIn("reports", files)).toEqual(["small"]);
    expect(await failedIn("reports/20260101T000000000Z-small", files)).toEqual(["small"]);
  });
});

describe("gp-load run --only-failed", () => {
  it("says so and exits with 0 if everything passed", async () => {
    const files = { "old/suite.json": suiteText({ small: "PASS", steps: "PASS" }) };
    expect(await gpLoad(["run", "--only-failed", "old"], files)).toMatchObject({
      exit: 0,
      stdout: "nothing to run again: everything in old passed\n",
      stderr: "",
    });
    const json = await gpLoad(["run", "--only-failed", "old", "--json"], files);
    expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1, exitCode: 0, runs: [], reports: [] });
  });

  it.each([
    ["a folder that is not there", "gone", {}, /no folder gone/],
    ["a file", "file", { file: "x" }, /file is not a folder/],
    ["a folder without suite or run", "old", { "old/x/y": "" }, /old contains neither a suite nor a run/],
    ["a suite.json that is none", "old", { "old/suite.json": "{}" }, /not a suite\.json of version 1/],
    ["a suite.json that is torn", "old", { "old/suite.json": "{" }, /suite\.json: cannot be read/],
    [
      "a scenario that is gone",
      "old",
      { "old/suite.json": suiteText({ small: "PASS", vanished: "FAIL" }) },
      /scenarios\.yaml no longer has `vanished`, which did not pass in old/,
    ],
  ])("refuses %s with exit code 2", async (_what, dir, files: Readonly<Record<string, string>>, message) => {
    const { exit, stderr, stdout } = await gpLoad(["run", "--only-failed", dir], files);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("refuses names and tags next to it", async () => {
    const { exit, stderr } = await gpLoad(["run", "small", "--only-failed", "old"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("leave out names and --tag");
  });
});

describe("a suite with a scenario that cannot be run", () => {
  it("is refused before anything is started, with the command line for the others", async () => {
    const { exit, stderr } = await gpLoad(["run", "small", "steps", "--max-turns", "10"]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/steps plans about [\d,]+ turns, but may start only 10/);
    expect(stderr).toContain("the others can run: gp-load run small");
  });
});
