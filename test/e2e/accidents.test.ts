// What may happen in mid-run: the target dies, a worker is killed, the command line is interrupted or killed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { imbalance } from "../../src/model/turn/ledger.js";
import { FULL_ONLY } from "../support/tags.js";
import type { RunningCli } from "./support/cli.js";
import { neutralServer } from "./support/neutral-server.js";
import { childrenOf, isAlive, workersOf } from "./support/processes.js";
import { load, scenarioFile } from "./support/scenario.js";
import { waitUntil } from "./support/wait.js";
import { type Workspace, workspace } from "./support/workspace.js";

const EMBEDDED = { embedded: true };
/** What is not the point here: a busy machine makes the embedded history slow. */
const PATIENT = { "history.query": "max < 10s" };

/** Resolves once so many turns of the run have ended, by its log. */
function underWay(place: Workspace, turns = 40): Promise<void> {
  return waitUntil("the run is under way", () => {
    const path = join(place.runFolders().at(-1) ?? "", "run.jsonl");
    if (!existsSync(path)) return false;
    const ended = readFileSync(path, "utf8").matchAll(/"turnsEnded":(\d+)/g);
    return [...ended].reduce((sum, [, count]) => sum + Number(count), 0) >= turns;
  });
}

/** The processes that a command line started, once they all run. */
async function offspring(run: RunningCli, workers: number): Promise<readonly number[]> {
  await waitUntil("the workers run", () => workersOf(run.pid).length === workers);
  return childrenOf(run.pid).map(({ pid }) => pid);
}

function allGone(pids: readonly number[]): Promise<void> {
  return waitUntil("no process is left behind", () => !pids.some(isAlive));
}

function ruleOf(report: RunReport, metric: string) {
  return report.sla.find((rule) => rule.metric === metric);
}

test("a target that dies in mid-run does not hang the run, which FAILs by turns.success and balances", {
  tags: FULL_ONLY,
}, async () => {
  const server = await neutralServer();
  const place = workspace(scenarioFile({ url: server.url }, { load: load(20, "4s") }));
  const run = place.start(["e2e"]);
  await underWay(place);
  const diedAt = performance.now();
  server.die();
  const { report, code } = place.resultOf(await run.finished);
  expect(performance.now() - diedAt).toBeLessThan(20_000);
  expect(ruleOf(report, "turns.success")).toMatchObject({ verdict: "fail" });
  expect(report.verdict).toBe("FAIL");
  expect(code).toBe(1);
  expect(imbalance(report.ledger)).toBe(0);
  expect(report.ledger.inFlightAtEnd).toBe(0);
  expect(report.ledger.completed).toBeGreaterThan(20);
  expect(report.ledger.lost + report.ledger.failed).toBeGreaterThan(20);
  expect(report.timeline.flatMap(({ errors }) => Object.keys(errors))).toContain("not_connected");
});

describe("a worker that is killed", () => {
  for (const workers of [1, 2]) {
    test(`makes the run INVALID and is named, with what it had told (${workers} in all)`, {
      tags: workers === 1 ? [] : FULL_ONLY,
    }, async () => {
      const place = workspace(scenarioFile(EMBEDDED, { load: load(10, "4s"), sla: PATIENT }));
      const run = place.start(["e2e", "--workers", String(workers)]);
      const children = await offspring(run, workers);
      await underWay(place);
      process.kill(Number(workersOf(run.pid)[0]), "SIGKILL");
      const { report, code, stdout } = place.resultOf(await run.finished);
      expect(report).toMatchObject({ verdict: "INVALID", exitCode: 3 });
      expect(code).toBe(3);
      const lost = report.invalidReasons.find((reason) => reason.code === "worker-lost");
      expect(lost?.message).toMatch(/worker \d was lost \(SIGKILL\)/);
      expect(stdout).toContain(lost?.message);
      expect(ruleOf(report, "users.live")).toMatchObject({ verdict: "no-data" });
      expect(report.metrics["agent.response"]?.count).toBeGreaterThan(5);
      expect(imbalance(report.ledger)).toBe(0);
      await allGone(children);
    });
  }
});

describe("Ctrl-C", () => {
  test("ends the run, reports what was measured, and exits with 130", async () => {
    const place = workspace(scenarioFile(EMBEDDED, { load: load(10, "20s"), sla: PATIENT }));
    const run = place.start(["e2e"]);
    const children = await offspring(run, 1);
    await underWay(place);
    const askedAt = performance.now();
    run.signal("SIGINT");
    const { report, code, stdout } = place.resultOf(await run.finished);
    expect(performance.now() - askedAt).toBeLessThan(10_000);
    expect(code).toBe(130);
    expect(report.exitCode).toBe(130);
    expect(report.sla.filter(({ verdict }) => verdict === "fail")).toEqual([]);
    expect(report.verdict).toBe("INVALID");
    expect(report.invalidReasons.map((reason) => reason.code)).toContain("interrupted");
    expect(stdout).toContain("interrupted");
    expect(report.metrics["agent.response"]?.count).toBeGreaterThan(5);
    expect(report.ledger.completed).toBeGreaterThan(5);
    expect(report.anomalies).toMatchObject({ missing: 0, orphan: 0 });
    expect(imbalance(report.ledger)).toBe(0);
    await allGone(children);
  });

  test("while users still log in ends the run before it began", { tags: FULL_ONLY }, async () => {
    const { url } = await neutralServer();
    const connect = { rate: "2/s" };
    const place = workspace(scenarioFile({ url, connect }, { load: load(50, "2s") }));
    const run = place.start(["e2e"]);
    await offspring(run, 1);
    await waitUntil("the log is open", () => place.runFolders().length > 0);
    run.signal("SIGINT");
    const { report, code } = place.resultOf(await run.finished);
    expect(code).toBe(130);
    expect(report.ledger.attempted).toBe(0);
  });

  test("a second time leaves at once", { tags: FULL_ONLY }, async () => {
    // Turns that never end keep the first one busy: they have to be given up and looked up.
    const { url } = await neutralServer({ every: { "never-answers": 1 } });
    const place = workspace(scenarioFile({ url }, { load: load(10, "20s") }));
    const run = place.start(["e2e"]);
    const children = await offspring(run, 1);
    await run.said(/ hold/);
    run.signal("SIGINT");
    await run.said("interrupted");
    const askedAt = performance.now();
    run.signal("SIGINT");
    const { code } = await run.finished;
    expect(code).toBe(130);
    // The first Ctrl-C alone would take the turns' deadline, a minute.
    expect(performance.now() - askedAt).toBeLessThan(5000);
    await allGone(children);
  });
});

test("a command line that is killed leaves no worker and no backend behind", {
  tags: FULL_ONLY,
}, async () => {
  const place = workspace(scenarioFile(EMBEDDED, { load: load(6, "20s") }));
  const run = place.start(["e2e", "--workers", "2"]);
  const children = await offspring(run, 2);
  expect(children.length).toBe(3);
  await underWay(place);
  run.signal("SIGKILL");
  expect((await run.finished).signal).toBe("SIGKILL");
  await allGone(children);
});
