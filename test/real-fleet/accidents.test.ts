// A fleet whose coordinator dies, whose Redis is killed and comes back empty, and whose coordinator is interrupted.
import { expect, it, onTestFinished } from "vitest";
import { imbalance } from "../../src/model/turn/ledger.js";
import { neutralServer } from "../e2e/support/neutral-server.js";
import { isAlive, workersOf } from "../e2e/support/processes.js";
import { load, scenarioFile } from "../e2e/support/scenario.js";
import { waitUntil } from "../e2e/support/wait.js";
import { startRedis } from "../real-stores/support/redis.js";
import { pause } from "../real-stores/support/server-process.js";
import { describeWith } from "../support/services.js";
import { causesOf, FLEET_SLA, testFleet, underWay } from "./support/fleet.js";

/** The lease of 8 s, the seconds in which it is looked at, and the ends of the processes. */
const ENDED_MS = 14_000;

async function place(hold: string) {
  const server = await neutralServer();
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const file = scenarioFile({ url: server.url }, { load: load(6, hold, "0s"), checks: [], sla: FLEET_SLA });
  return { server, redis, ...testFleet(redis.url, file) };
}

describeWith(["redis"], "a fleet", () => {
  it("whose coordinator is killed ends its users within the lease, and serves the next run", async () => {
    const { space, worker, args } = await place("40s");
    const alpha = await worker("alpha");
    const run = space.start(["e2e", ...args]);
    await underWay(space);
    const children = workersOf(alpha.pid);
    expect(children.length).toBe(1);
    run.signal("SIGKILL");
    const killedAt = performance.now();
    await waitUntil("its users are gone", () => !children.some(isAlive));
    expect(performance.now() - killedAt).toBeLessThan(ENDED_MS);
    await alpha.said(/its coordinator was silent for 8 s/);
    const next = await space.run(["e2e", ...args, "--hold", "1s"]);
    expect(causesOf(next.report)).toEqual([]);
    expect(next.report.ledger.completed).toBeGreaterThan(0);
  });

  it("outlives a Redis that is killed and comes back empty: not a turn is missing from the account", async () => {
    const { server, redis, space, worker, args } = await place("9s");
    await Promise.all([worker("alpha"), worker("beta")]);
    const run = space.start(["e2e", ...args, "--workers", "2"]);
    await underWay(space);
    await redis.stop("SIGKILL");
    await pause(2500);
    await redis.start();
    const { report } = space.resultOf(await run.finished);
    expect(causesOf(report)).toEqual([]);
    expect([imbalance(report.ledger), report.ledger.inFlightAtEnd]).toEqual([0, 0]);
    expect(report.ledger.attempted).toBe(server.account.messages.length);
    expect(report.timeline.filter(({ phase }) => phase === "hold").length).toBe(9);
  });

  it("is stopped everywhere by one Ctrl-C at the coordinator, which reports; its workers stay", async () => {
    const { space, worker, args } = await place("40s");
    const workers = await Promise.all([worker("alpha"), worker("beta")]);
    const run = space.start(["e2e", ...args, "--workers", "2"]);
    await underWay(space);
    const children = workers.flatMap(({ pid }) => workersOf(pid));
    expect(children.length).toBe(2);
    run.signal("SIGINT");
    const { report, code } = space.resultOf(await run.finished);
    expect(code).toBe(130);
    expect(causesOf(report).map((cause) => cause.code)).toContain("interrupted");
    expect(report.invalidReasons.map((cause) => cause.code)).not.toContain("worker-lost");
    expect(report.ledger.completed).toBeGreaterThan(5);
    expect(imbalance(report.ledger)).toBe(0);
    await waitUntil("its users are gone", () => !children.some(isAlive));
    expect(workers.every(({ pid }) => isAlive(pid))).toBe(true);
    // A worker that leaves in mid-run says so, and is named.
    const next = space.start(["e2e", ...args, "--workers", "2"]);
    await waitUntil("the next run has begun", () => space.runFolders().length === 2, 45_000);
    await underWay(space);
    workers[0]?.signal("SIGINT");
    await next.said("was lost (alpha: it was interrupted)");
    expect(await workers[0]?.finished).toMatchObject({ code: 0 });
    next.signal("SIGINT");
    expect(space.resultOf(await next.finished).report.verdict).toBe("INVALID");
  });
});
