// The coordinator from the first log-in to the footer, over workers that are scripted and a clock that a test moves.
import { describe, expect, it } from "vitest";
import type { RunLogRecord } from "../../../src/model/log/run-log.js";
import type { KeptTurn } from "../../../src/model/turn/turn.js";
import { runScenario } from "../../../src/run/coordinator/coordinator.js";
import type { CoordinatorState } from "../../../src/run/coordinator/coordinator-state.js";
import type { RunOptions } from "../../../src/run/coordinator/run-options.js";
import { Abort } from "../../../src/run/coordinator/run-options.js";
import { planRun } from "../../../src/run/plan/plan.js";
import type { FromWorker, PrepareFailure, ToWorker } from "../../../src/run/process/messages.js";
import type { Scenario } from "../../../src/scenarios/scenario.js";
import { FakeClock, settle } from "../../support/fake-clock.js";
import { header } from "../../support/records.js";
import { scenario } from "../../support/scenario.js";
import {
  done,
  prepared,
  type ScriptedWorker,
  scriptedWorkers,
  snapshot,
} from "../../support/scripted-workers.js";

type Script = (worker: ScriptedWorker, message: ToWorker) => void;

/** Prepares at once, runs for no time, is done. */
const brisk: Script = (worker, message) => {
  if (message.type === "prepare") queueMicrotask(() => worker.say(prepared(worker.number)));
  if (message.type === "start") queueMicrotask(() => worker.say(done(worker.number)));
};
const onlyPrepares: Script = (worker, message) => {
  if (message.type === "prepare") queueMicrotask(() => worker.say(prepared(worker.number)));
};

function running(script: Script, keys: Partial<Scenario> = {}, fields: Partial<RunOptions> = {}) {
  const { start, workers } = scriptedWorkers(script);
  const clock = new FakeClock(50_000_000);
  const interrupt = new AbortController();
  const records: RunLogRecord[] = [];
  const states: CoordinatorState[] = [];
  const walked = scenario(keys);
  const footer = runScenario({
    scenario: walked,
    plan: planRun(walked),
    header: header(),
    runSeed: 1,
    workers: 2,
    startWorker: start,
    clock,
    signal: interrupt.signal,
    emit: (record) => records.push(record),
    onChange: (state) => states.push(state),
    ...fields,
  });
  const notes = () => records.flatMap((record) => (record.type === "note" ? record.text : []));
  const told = (type: ToWorker["type"]) =>
    workers.map((worker) => worker.told.filter((message) => message.type === type));
  return { footer, workers, clock, interrupt, records, states, notes, told };
}

describe("a run", () => {
  it("records in each second how long the embedded backend waited for a core, unless another has taken its place or two seconds come at once", async () => {
    // Asked at the start, and with each second but the third; the fifth is a new process.
    const waited = [100_000, 350_000, 350_000, 380_000, 2000];
    const { footer, workers, records, clock } = running(
      onlyPrepares,
      {},
      {
        workers: 1,
        backendWaitedUs: () => waited.shift(),
      },
    );
    await settle();
    for (const [at, passUs] of [1_300_000, 1_000_000, 0, 2_000_000].entries()) {
      await clock.pass(passUs);
      workers[0]?.say(snapshot(0, at));
      await settle();
    }
    await clock.pass(1_000_000);
    workers[0]?.say({ type: "done", worker: 0, last: snapshot(0, 4) });
    await footer;
    const told = records.flatMap((record) => (record.type === "second" ? [record.backendWaitUs] : []));
    expect(told).toEqual([250_000, 0, undefined, 30_000, undefined]);
  });

  it("keeps what a worker only sends after changes, until it sends it again", async () => {
    const { footer, workers, states } = running(onlyPrepares, {}, { workers: 1 });
    await settle();
    const open = [{ user: 1, turn: 0, sinceMs: 20 }];
    const failed: KeptTurn = {
      ...{ why: "failed", user: 1, turn: 0, threadId: "t", phase: "hold" },
      ...{ intendedMs: 5, outcome: "failed", events: [] },
    };
    const known = () => states.at(-1)?.snapshots.map((one) => [one.second, one.open, one.failed?.turn]);
    workers[0]?.say(snapshot(0, 0, { open, failed }));
    workers[0]?.say(snapshot(0, 1));
    await settle();
    expect(known()).toEqual([[1, open, 0]]);
    workers[0]?.say(snapshot(0, 2, { open: [] }));
    await settle();
    expect(known()).toEqual([[2, [], 0]]);
    workers[0]?.say({ type: "done", worker: 0, last: snapshot(0, 3) });
    await footer;
  });

  it("starts all workers at the same instant, with the ids of all users, once all are prepared", async () => {
    const { footer, workers, told } = running(() => {});
    workers[0]?.say(prepared(0));
    await settle();
    expect(told("start")).toEqual([[], []]);
    workers[1]?.say(prepared(1));
    await settle();
    const start = {
      type: "start",
      startUs: 50_300_000,
      startWallUs: expect.any(Number),
      rampUs: 50_300_000,
      userIds: [
        ["user-0", 0],
        ["user-1", 1],
      ],
    };
    expect(told("start")).toEqual([[start], [start]]);
    for (const worker of workers) worker.say(done(worker.number));
    await expect(footer).resolves.toMatchObject({ interrupted: false, workersLost: [], invalid: [] });
  });

  it("writes its header first and its footer last, with the sum of what the workers counted", async () => {
    const { footer, records, workers } = running(brisk);
    expect((await footer).ledger).toMatchObject({ attempted: 2, completed: 2 });
    expect(records[0]?.type).toBe("header");
    expect(records.at(-1)).toEqual(await footer);
    expect(records.filter(({ type }) => type === "second")).toHaveLength(1);
    expect(workers.every(({ ended }) => ended)).toBe(true);
  });

  it("waits longer before the start if the words take longer to arrive", async () => {
    const { footer, told } = running(brisk, {}, { barrierUs: 2_000_000 });
    await footer;
    expect(told("start")[0]).toMatchObject([{ startUs: 52_000_000 }]);
  });

  it("sends every worker the threads of the others", async () => {
    const { footer, workers, told } = running(onlyPrepares);
    await settle();
    workers[0]?.say(snapshot(0, 0, { directory: [["thread", "t-1", 0]] }));
    expect(told("directory")).toEqual([[], [{ type: "directory", entries: [["thread", "t-1", 0]] }]]);
    for (const worker of workers) worker.say(done(worker.number));
    await footer;
  });

  it("says when users stopped because of the turn limit, and only then", async () => {
    const bounded = running(brisk, { maxTurns: 2 });
    await bounded.footer;
    expect(bounded.notes()).toEqual([expect.stringContaining("the bound of 2 turns was reached")]);
    const free = running(brisk, { maxTurns: 3 });
    await free.footer;
    expect(free.notes()).toEqual([]);
  });
});

describe("a baseline", () => {
  it("runs alone until its time is up, then the ramp starts for all at one instant", async () => {
    const load = {
      kind: "users",
      stages: [{ users: 20, rampUs: 0, holdUs: 1_000_000 }],
      baseline: true,
    } as const;
    const { footer, workers, clock, told, notes } = running(onlyPrepares, { load });
    await settle();
    expect(told("start")[0]).toMatchObject([{ rampUs: undefined }]);
    expect(notes()).toEqual(["baseline: 2 of 20 users alone, to compare the hold with"]);
    const tell = async (second: number) => {
      for (const worker of workers) worker.say(snapshot(worker.number, second));
      await clock.pass(1_000_000);
    };
    for (let second = 0; second < 59; second++) await tell(second);
    expect(told("ramp")).toEqual([[], []]);
    await tell(59);
    expect(told("ramp")).toEqual([
      [{ type: "ramp", rampUs: 111_300_000 }],
      [{ type: "ramp", rampUs: 111_300_000 }],
    ]);
    for (const worker of workers)
      worker.say({ type: "done", worker: worker.number, last: snapshot(worker.number, 60) });
    await footer;
  });
});

describe("a worker that is lost", () => {
  it("makes the run invalid, but keeps what the others count", async () => {
    const { footer, workers, notes } = running(onlyPrepares);
    await settle();
    workers[1]?.exit("SIGKILL");
    workers[0]?.say(done(0));
    const { workersLost, invalid, ledger } = await footer;
    expect(workersLost).toEqual([{ worker: 1, cause: "SIGKILL" }]);
    expect(invalid.map(({ code }) => code)).toEqual(["worker-lost"]);
    expect(ledger.completed).toBe(1);
    expect(notes()).toEqual([expect.stringContaining("worker 1 was lost (SIGKILL)")]);
  });

  it("is detected by its silence, without any message", async () => {
    const { footer, workers, clock } = running(onlyPrepares);
    await settle();
    workers[0]?.say(done(0));
    await clock.pass(16_000_000);
    expect((await footer).workersLost).toEqual([{ worker: 1, cause: "silent for 15 s" }]);
    expect(clock.pending).toBe(0);
  });

  it("because of a bug is reported with its stack, and the run says so", async () => {
    const { footer, workers, notes } = running(onlyPrepares);
    await settle();
    workers[0]?.say({ type: "bug", worker: 0, stack: "TypeError: at turn.ts" });
    workers[0]?.exit("exit 1");
    workers[1]?.say(done(1));
    expect((await footer).crashed).toBe(true);
    expect(notes()[0]).toBe("worker 0 has a bug: TypeError: at turn.ts");
  });
});

describe("a run that cannot start", () => {
  const refused: PrepareFailure = {
    at: "login",
    kind: "refused",
    status: 401,
    code: undefined,
    message: "bad password",
    count: 50,
  };
  const failing =
    (fields: Partial<Extract<FromWorker, { type: "prepared" }>>): Script =>
    (worker, message) => {
      if (message.type === "prepare") queueMicrotask(() => worker.say(prepared(worker.number, fields)));
    };

  it("says why if no user could be logged in, and starts none", async () => {
    const { footer, told } = running(failing({ ready: 0, userIds: [], failures: [refused] }));
    const { invalid, usersReady } = await footer;
    expect(invalid[0]?.message).toBe(
      "log-in failed: http://127.0.0.1:1 answered HTTP 401: bad password (50 times)",
    );
    expect(usersReady).toBe(0);
    expect(told("start")).toEqual([[], []]);
  });

  it("says why if all can log in and no channel opens", async () => {
    const failure: PrepareFailure = { ...refused, at: "connect", status: 0, code: "ECONNREFUSED" };
    const { footer, told } = running(failing({ failures: [failure] }));
    expect((await footer).invalid[0]?.code).toBe("ECONNREFUSED");
    expect(told("start")).toEqual([[], []]);
  });

  it("starts anyway if only some could not log in", async () => {
    const { footer, told, workers } = running((worker, message) => {
      if (message.type === "prepare")
        queueMicrotask(() =>
          worker.say(prepared(worker.number, worker.number === 0 ? { failures: [refused] } : {})),
        );
      if (message.type === "start") queueMicrotask(() => worker.say(done(worker.number)));
    });
    expect((await footer).invalid).toEqual([]);
    expect(told("start").map(({ length }) => length)).toEqual(workers.map(() => 1));
  });
});

describe("an interrupt", () => {
  it("stops all workers, and keeps what they report afterwards", async () => {
    const { footer, workers, interrupt, told } = running(onlyPrepares);
    await settle();
    interrupt.abort();
    expect(told("stop")).toEqual([[{ type: "stop" }], [{ type: "stop" }]]);
    for (const worker of workers) worker.say(done(worker.number));
    expect(await footer).toMatchObject({ interrupted: true, ledger: { completed: 2 } });
  });

  it("by a broken rule is not a person's, and the last record names the rule", async () => {
    const { footer, workers, interrupt } = running(onlyPrepares);
    await settle();
    interrupt.abort(new Abort("e2e p95 < 2s was broken"));
    for (const worker of workers) worker.say(done(worker.number));
    expect(await footer).toMatchObject({ interrupted: false, aborted: "e2e p95 < 2s was broken" });
  });

  it("ends a run at once while it is still preparing", async () => {
    const { footer, interrupt, told } = running(() => {});
    await settle();
    interrupt.abort();
    expect(await footer).toMatchObject({ interrupted: true, durationMs: 0 });
    expect(told("start")).toEqual([[], []]);
  });

  it("does not count a second that was cut short towards the hold", async () => {
    const load = {
      kind: "users",
      stages: [{ users: 2, rampUs: 0, holdUs: 60_000_000 }],
      baseline: false,
    } as const;
    const { footer, workers, interrupt, clock, records } = running(onlyPrepares, { load });
    await settle();
    await clock.pass(1_800_000);
    interrupt.abort();
    for (const worker of workers) {
      worker.say(snapshot(worker.number, 0));
      worker.say({ type: "done", worker: worker.number, last: snapshot(worker.number, 1) });
    }
    await footer;
    const phases = records.flatMap((record) => (record.type === "second" ? record.phase : []));
    expect(phases).toEqual(["hold", "drain"]);
  });
});

it("those who watch see the users that are ready, the workers that were lost, and what is left to settle", async () => {
  const { footer, workers, states } = running(onlyPrepares);
  await settle();
  expect(states.at(-1)).toMatchObject({ usersReady: 2, workersLost: 0, remaining: undefined });
  workers[0]?.say({ type: "phase", worker: 0, phase: "drain", remaining: 3 });
  workers[1]?.say({ type: "phase", worker: 1, phase: "settle", remaining: 4 });
  expect(states.at(-1)).toMatchObject({ phase: "settle", remaining: 7 });
  workers[1]?.exit("exit 1");
  workers[0]?.say(done(0));
  await footer;
  expect(states.at(-1)).toMatchObject({ workersLost: 1 });
});

describe("the log", () => {
  it("is requested from every worker, and their lines are passed on in order", async () => {
    const heard: string[] = [];
    const line = (event: string) => ({ level: "warn", event, timeMs: 1, fields: {} }) as const;
    const script: Script = (worker, message) => {
      if (message.type === "start")
        worker.say({ type: "log", worker: worker.number, lines: [line("a"), line("b")] });
      brisk(worker, message);
    };
    const { footer, told } = running(
      script,
      {},
      {
        logLevel: "warn",
        onLog: (worker, lines) => heard.push(...lines.map(({ event }) => `${worker}${event}`)),
      },
    );
    await footer;
    expect(heard).toEqual(["0a", "0b", "1a", "1b"]);
    const levels = told("prepare")
      .flat()
      .map((message) => message.type === "prepare" && message.plan.logLevel);
    expect(levels).toEqual(["warn", "warn"]);
  });

  it("is not requested if nobody wants it", async () => {
    const { footer, told } = running(brisk);
    await footer;
    const [first] = told("prepare").flat();
    expect(first?.type === "prepare" && first.plan.logLevel).toBeUndefined();
  });
});
