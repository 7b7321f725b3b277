// One run through its use case: prepared, driven by scripted workers, finished; and everything closed whatever happens.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RunSettings } from "../../../src/app/run/launch.js";
import { runOne } from "../../../src/app/run/run-one.js";
import type { Scenario } from "../../../src/scenarios/scenario.js";
import { UserError } from "../../../src/support/errors.js";
import { testContext } from "../../support/app-context.js";
import { FakeClock, settle } from "../../support/fake-clock.js";
import { CONNECT, loop, SEND, scenario, TARGET, think } from "../../support/scenario.js";
import {
  done,
  prepared,
  type ScriptedWorker,
  scriptedWorkers,
  snapshot,
} from "../../support/scripted-workers.js";

const JOURNEY = [CONNECT, loop([SEND, think(1_000_000)])];
const SETTINGS: RunSettings = {
  workers: 2,
  reports: "reports",
  strict: false,
  json: false,
  quiet: false,
  noColor: true,
};

/** @param onStart what each worker does at the start; nothing keeps it running */
function run(
  keys: Partial<Scenario> = {},
  settings: Partial<RunSettings> = {},
  onStart: (worker: ScriptedWorker) => void = (worker) => worker.say(done(worker.number)),
) {
  const context = testContext();
  const clock = new FakeClock(5_000_000);
  const { start, workers } = scriptedWorkers((worker, { type }) => {
    if (type === "prepare") queueMicrotask(() => worker.say(prepared(worker.number)));
    if (type === "start")
      queueMicrotask(() => {
        clock.jump(1_000_000);
        onStart(worker);
      });
    if (type === "stop") queueMicrotask(() => worker.say(done(worker.number)));
  });
  const launch = { startWorker: start, clock };
  return {
    context,
    workers,
    ended: runOne(scenario({ journey: JOURNEY, ...keys }), { ...SETTINGS, ...settings }, context, launch),
  };
}

describe("a run", () => {
  it("leaves its log and its reports in a folder of its own, and prints the result", async () => {
    const { ended, context, workers } = run();
    const { folder, report, endedEarly } = await ended;
    expect(folder.startsWith(join(context.cwd, "reports"))).toBe(true);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["run.jsonl", "report.json", "report.html"]));
    expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8")).runId).toBe(report.runId);
    expect(report.ledger.completed).toBe(2);
    expect(endedEarly).toBe(false);
    expect(context.err.join("")).toContain("sample: 100 users on http://127.0.0.1:1");
    expect(context.out.join("")).toContain(report.verdict);
    expect(workers.every(({ ended: gone }) => gone)).toBe(true);
  });

  it("prints nothing for people where the report is printed as JSON", async () => {
    const { ended, context } = run({}, { json: true });
    await ended;
    expect([context.out, context.err]).toEqual([[], []]);
  });

  it("leaves its files where a CI expects them, and within a suite leaves that to the suite", async () => {
    for (const place of [undefined, "1/2"]) {
      const path = join(testContext().cwd, "load.xml");
      const { ended } = run({}, { copies: { junit: path }, ...(place === undefined ? {} : { place }) });
      await ended;
      expect(existsSync(path)).toBe(place === undefined);
    }
  });

  it("shows its place in a suite, and only that it passed", async () => {
    const { ended, context } = run({}, { place: "3/17" });
    await ended;
    expect(context.err.join("")).toContain("3/17 sample: 100 users");
  });

  it("joins the history of its folder if that is asked for", async () => {
    const { ended, context } = run({}, { history: true });
    await ended;
    expect(existsSync(join(context.cwd, "reports", "index.jsonl"))).toBe(true);
    const without = run();
    await without.ended;
    expect(existsSync(join(without.context.cwd, "reports", "index.jsonl"))).toBe(false);
  });
});

describe("a run that is ended early", () => {
  it("by whoever watches it tells its workers to stop, and says that it was not a person", async () => {
    const { ended, workers } = run({}, { endWhen: ({ startUs }) => startUs !== undefined }, (worker) =>
      worker.say(snapshot(worker.number, 0)),
    );
    const { endedEarly, report } = await ended;
    expect(endedEarly).toBe(true);
    expect(report.exitCode).toBe(130);
    expect(workers.map(({ told }) => told.filter(({ type }) => type === "stop").length)).toEqual([1, 1]);
  });

  it("by Ctrl-C is a person's doing, and nobody listens for Ctrl-C afterwards", async () => {
    let started = 0;
    const { ended, context } = run({}, {}, () => {
      started++;
      if (started === 2) context.interrupt();
    });
    const { endedEarly, report } = await ended;
    expect(endedEarly).toBe(false);
    expect(report.exitCode).toBe(130);
    expect(context.listening()).toBe(0);
  });
});

describe("a run that cannot be", () => {
  it("is refused before anything is made or started", async () => {
    const { ended, context, workers } = run({ target: { ...TARGET, profile: "nothing" } });
    await expect(ended).rejects.toThrow(UserError);
    expect(readdirSync(context.cwd)).toEqual([]);
    expect(workers).toEqual([]);
  });

  it("closes what was opened if its target cannot be set up", async () => {
    const defect = { action: "defect", options: { defect: "no such defect" }, everyUs: undefined };
    const target = { ...TARGET, embedded: true, url: "" };
    const faults = [{ ...defect, atUs: 0, forUs: 1_000_000 }] as unknown as Scenario["faults"];
    const { ended, context, workers } = run({ target, faults });
    await expect(ended).rejects.toThrow();
    await settle();
    expect(context.listening()).toBe(0);
    expect(workers).toEqual([]);
  });

  it("says how to name another folder if that of the reports cannot be written", async () => {
    const file = join(testContext().cwd, "file");
    writeFileSync(file, "");
    const { ended, context } = run({}, { reports: join(file, "below") });
    await expect(ended).rejects.toThrow(/^cannot write the report folder/);
    expect(context.listening()).toBe(0);
  });
});
