// The workers of a run as the coordinator keeps them: started with their shares, heard, lost or done.
import { describe, expect, it } from "vitest";
import {
  type PooledWorker,
  WorkerPool,
  type WorkerPoolOptions,
} from "../../../src/run/coordinator/worker-pool.js";
import type { FromWorker, WorkerPlan } from "../../../src/run/process/messages.js";
import { defined } from "../../support/defined.js";
import { FakeClock } from "../../support/fake-clock.js";
import { rule } from "../../support/records.js";
import { scenario } from "../../support/scenario.js";
import { prepared, scriptedWorkers } from "../../support/scripted-workers.js";

function pool(fields: Partial<WorkerPoolOptions> = {}) {
  const { start, workers } = scriptedWorkers();
  const clock = new FakeClock(1_000_000);
  const lost: (readonly [number, string])[] = [];
  const heard: (readonly [PooledWorker, FromWorker])[] = [];
  const notes: string[] = [];
  const made = new WorkerPool({
    scenario: scenario(),
    rules: [],
    recalls: false,
    runSeed: 7,
    runLabel: "run",
    traceKey: undefined,
    workers: 2,
    startWorker: start,
    clock,
    note: (text) => notes.push(text),
    onMessage: (member, message) => heard.push([member, message]),
    onLost: (member, cause) => lost.push([member.process.number, cause]),
    ...fields,
  });
  const plans = (): readonly WorkerPlan[] =>
    workers.flatMap(({ told }) =>
      told.flatMap((message) => (message.type === "prepare" ? message.plan : [])),
    );
  return { made, workers, clock, lost, heard, notes, plans };
}

describe("workers that are started", () => {
  it("get the plan of the run, each with its number and its share of every limit", () => {
    const { workers, plans } = pool({
      scenario: scenario({ maxTurns: 5 }),
      workers: 2,
      sources: ["127.0.0.2"],
    });
    expect(workers.map(({ users }) => users)).toEqual([50, 50]);
    expect(plans()).toEqual([
      expect.objectContaining({ worker: 0, workers: 2, runSeed: 7, turnBudget: 3, sources: ["127.0.0.2"] }),
      expect.objectContaining({ worker: 1, workers: 2, runSeed: 7, turnBudget: 2, sources: ["127.0.0.2"] }),
    ]);
  });

  it("hold a turn to the strictest limit of its metric, and to none if no rule is in time", () => {
    const rules = [
      rule("agent.response", "p99 < 5s"),
      rule("agent.response", "p50 < 1s"),
      rule("turns.success", ">= 99%"),
    ];
    const [plan] = pool({ rules }).plans();
    expect(plan?.goodLimits).toEqual({ "agent.response": 1_000_000 });
    expect(plan?.slowQueryUs).toBe(Number.POSITIVE_INFINITY);
  });

  it("hold a turn to the limits that the scenario sets for good ones, instead of those of its rules", () => {
    const rules = [rule("ttft", "p99 <= 2s"), rule("ttft", "min > 1ms"), rule("event.gap", "p95 < 3s")];
    expect(pool({ rules }).plans()[0]?.goodLimits).toEqual({ ttft: 2_000_001, "event.gap": 3_000_000 });
    const own = { goodput: { ttft: 500_000 } };
    expect(pool({ rules, scenario: scenario(own) }).plans()[0]?.goodLimits).toEqual(own.goodput);
  });
});

describe("a worker that goes", () => {
  it("is lost, once, with its cause, and the others stay", () => {
    const { made, workers, lost } = pool();
    workers[1]?.exit("SIGKILL");
    workers[1]?.exit("SIGKILL");
    expect(lost).toEqual([[1, "SIGKILL"]]);
    expect(made.lost).toEqual([{ worker: 1, cause: "SIGKILL" }]);
    expect(made.members.map(({ state }) => state)).toEqual(["preparing", "lost"]);
  });

  it("is not lost when it was done, or when all are being stopped", async () => {
    const { made, workers, lost } = pool();
    defined(made.members[0]).state = "done";
    workers[0]?.exit("exit 0");
    await made.end();
    workers[1]?.exit("exit 0");
    expect(lost).toEqual([]);
    expect(workers.map(({ ended }) => ended)).toEqual([true, true]);
  });
});

describe("a worker that falls silent", () => {
  function running() {
    const all = pool();
    for (const member of all.made.members) member.state = "running";
    return all;
  }

  it("is given up after 15 s, and not earlier", () => {
    const { made, workers, clock, lost } = running();
    clock.jump(14_999_999);
    workers[1]?.say(prepared(1));
    made.dropSilent();
    expect(lost).toEqual([]);
    clock.jump(1);
    made.dropSilent();
    expect(lost).toEqual([[0, "silent for 15 s"]]);
    expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
  });

  it("is waited for while its silence has a known cause, and as long again after that", () => {
    const { made, workers, clock, lost } = running();
    for (const worker of workers) worker.excusedNow = true;
    clock.jump(60_000_000);
    made.dropSilent();
    for (const worker of workers) worker.excusedNow = false;
    const look = (): void => {
      clock.jump(1_000_000);
      made.dropSilent();
    };
    for (let second = 0; second < 14; second++) look();
    expect(lost).toEqual([]);
    look();
    expect(lost).toHaveLength(2);
  });

  it("is not blamed for time in which the coordinator itself was suspended", () => {
    const { made, clock, lost } = running();
    made.dropSilent();
    clock.jump(60_000_000);
    made.dropSilent();
    expect(lost).toEqual([]);
    for (let second = 0; second < 14; second++) {
      clock.jump(1_000_000);
      made.dropSilent();
    }
    expect(lost).toHaveLength(2);
  });

  it("is not missed while it prepares: logins may take their time", () => {
    const { made, clock, lost } = pool();
    clock.jump(600_000_000);
    made.dropSilent();
    expect(lost).toEqual([]);
  });
});

it("what one worker reports about its threads goes to all others that are running", () => {
  const { made, workers } = pool({ workers: 3 });
  const [first, second, third] = made.members;
  defined(first).state = defined(second).state = "running";
  defined(third).state = "lost";
  made.tellOthers(defined(first), { type: "directory", entries: [["thread", "t", 0]] });
  expect(workers.map(({ told }) => told.filter(({ type }) => type === "directory").length)).toEqual([
    0, 1, 0,
  ]);
});
