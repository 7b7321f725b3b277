// How a command line ends that is cut short from outside: a reader that has seen enough, a terminal that closes, a signal for all.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { imbalance } from "../../src/model/turn/ledger.js";
import { CLI } from "../support/built.js";
import { FULL_ONLY } from "../support/tags.js";
import { cli } from "./support/cli.js";
import { neutralServer } from "./support/neutral-server.js";
import { load, scenarioFile } from "./support/scenario.js";
import { waitUntil } from "./support/wait.js";
import { type Workspace, workspace } from "./support/workspace.js";

/** Resolves once so many turns of the newest run have ended, by its log. */
function underWay(place: Workspace, turns = 20): Promise<void> {
  return waitUntil("the run is under way", () => {
    const path = join(place.runFolders().at(-1) ?? "", "run.jsonl");
    if (!existsSync(path)) return false;
    const ended = readFileSync(path, "utf8").matchAll(/"turnsEnded":(\d+)/g);
    return [...ended].reduce((sum, [, count]) => sum + Number(count), 0) >= turns;
  });
}

function reportIn(folder: string | undefined): RunReport {
  return JSON.parse(readFileSync(join(folder ?? "", "report.json"), "utf8")) as RunReport;
}

describe("a reader that has seen enough", () => {
  test("stops no suite, and has no say in its exit code", async () => {
    const { url } = await neutralServer();
    const unreachable = { "turns.rate": ">= 100000", "history.query": "off" };
    const keys = { load: load(3, "2s", "0s"), sla: unreachable };
    const file = scenarioFile({ url }, keys) as { readonly scenarios: object };
    const place = workspace({ ...file, scenarios: { ...file.scenarios, other: { extends: "e2e" } } });
    const child = spawn(process.execPath, [CLI, "run", "e2e", "other", "--no-color"], {
      cwd: place.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    // As `| head -1` does: a line is read, and then nobody reads any more.
    for (const stream of [child.stdout, child.stderr]) stream?.once("data", () => stream.destroy());
    expect(await once(child, "exit")).toEqual([1, null]);
    const suite = place.runFolders().find((folder) => folder.endsWith("-suite")) ?? "";
    const { runs } = JSON.parse(readFileSync(join(suite, "suite.json"), "utf8")) as {
      readonly runs: readonly { readonly result: string }[];
    };
    expect(runs.map(({ result }) => result)).toEqual(["FAIL", "FAIL"]);
  });
});

describe.runIf(process.platform !== "win32")("a terminal that closes", () => {
  test("ends the run and reports it, as Ctrl-C does", async () => {
    const { url } = await neutralServer();
    const place = workspace(scenarioFile({ url }, { load: load(5, "20s") }));
    const run = place.start(["e2e"]);
    await underWay(place);
    run.signal("SIGHUP");
    const { report, code } = place.resultOf(await run.finished);
    expect(code).toBe(130);
    expect(report.invalidReasons.map((reason) => reason.code)).toContain("interrupted");
    expect(report.ledger.completed).toBeGreaterThan(5);
    expect(imbalance(report.ledger)).toBe(0);
  });
});

describe.runIf(process.platform !== "win32")("a signal for the whole process group", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "keeps the ledger on %s: the workers end with the run",
    async (signal) => {
      const { url } = await neutralServer();
      const place = workspace(scenarioFile({ url }, { load: load(5, "20s") }));
      const child = spawn(process.execPath, [CLI, "run", "e2e", "--workers", "2"], {
        cwd: place.folder,
        detached: true,
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      onTestFinished(() => void child.kill("SIGKILL"));
      await underWay(place);
      process.kill(-(child.pid ?? 0), signal);
      expect(await ended).toEqual([130, null]);
      const report = reportIn(place.runFolders().at(-1));
      const codes = report.invalidReasons.map((reason) => reason.code);
      expect(codes).toContain("interrupted");
      expect(codes).not.toContain("worker-lost");
      expect(report.ledger.completed).toBeGreaterThan(5);
      expect(report.ledger.attempted).toBeGreaterThanOrEqual(report.ledger.completed);
      expect(imbalance(report.ledger)).toBe(0);
    },
  );
});

test("a second Ctrl-C leaves a log that is reported as cut off, with what was measured", {
  tags: FULL_ONLY,
}, async () => {
  const { url } = await neutralServer({ every: { "never-answers": 4 } });
  const place = workspace(scenarioFile({ url }, { load: load(8, "20s") }));
  const run = place.start(["e2e"]);
  await underWay(place, 10);
  run.signal("SIGINT");
  await run.said("interrupted");
  run.signal("SIGINT");
  expect((await run.finished).code).toBe(130);
  const [folder = ""] = place.runFolders();
  const again = await cli(["report", folder, "--no-color"], { cwd: place.folder });
  expect(again.stdout).toContain("the run was cut off");
  expect([1, 3]).toContain(again.code);
  expect(again.stderr).toBe("");
  expect(reportIn(folder).metrics["agent.response"]?.count).toBeGreaterThan(0);
});

test.runIf(existsSync("/dev/full"))(
  "a result that stdout does not take is told by the exit code",
  async () => {
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    const child = spawn(process.execPath, [CLI, "schema"], { stdio: ["ignore", full, "pipe"] });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    expect(await once(child, "close")).toEqual([74, null]);
    expect(said).toBe("error: not all of the result could be written to stdout\n");
  },
);
