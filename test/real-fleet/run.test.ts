// Runs over several `gp-load worker`s and a real Redis: the same account as over processes, secrets sealed, losses named.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, it, onTestFinished } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { imbalance } from "../../src/model/turn/ledger.js";
import { startCli } from "../e2e/support/cli.js";
import { neutralServer } from "../e2e/support/neutral-server.js";
import { isAlive, workersOf } from "../e2e/support/processes.js";
import { reference } from "../e2e/support/reference.js";
import { load, scenarioFile } from "../e2e/support/scenario.js";
import { waitUntil } from "../e2e/support/wait.js";
import { startRedis } from "../real-stores/support/redis.js";
import { describeWith } from "../support/services.js";
import { causesOf, FLEET_SLA, fixedScenario, testFleet, underWay } from "./support/fleet.js";

/** A worker or a coordinator that is gone is noticed within so long. */
const NOTICED_MS = 10_000;

async function ownRedis() {
  const server = await startRedis();
  onTestFinished(() => server.close());
  return server;
}

/** What is counted, and not timed. */
function countsOf({ ledger, anomalies, checks, metrics, breakdown = [] }: RunReport) {
  const counts = Object.entries(metrics).map(([name, { count, censored }]) => [name, count, censored]);
  const measured = counts.filter(([name]) => !/generator|socket|delivery/.test(String(name)));
  const byPrompt = breakdown
    .filter(({ label }) => label === "prompt")
    .map(({ value, metrics: of }) => [value, of["agent.response"]?.count, of.ttft?.count])
    .sort();
  return { ledger, anomalies, checks, measured, byPrompt };
}

describeWith(["redis"], "a fleet", () => {
  it("of two workers counts what two processes count, and leaves nothing in Redis that anybody can read or that stays", async () => {
    const server = await neutralServer();
    const redis = await ownRedis();
    const password = "cobalt-harbour-4471";
    const accounts = { pattern: "user-{n}@example.com", password };
    const file = fixedScenario({ url: server.url, accounts }, 12, 3, FLEET_SLA);
    const { space, worker, args } = testFleet(redis.url, file);
    await Promise.all([worker("alpha", "--label", "zone=a"), worker("beta")]);
    const watcher = new Redis(redis.url);
    onTestFinished(() => watcher.disconnect());
    const seen = { keys: new Set<string>(), bytes: 0, secrets: 0 };
    const look = async (): Promise<void> => {
      for (const key of await watcher.keys("*")) {
        const dump = await watcher.dumpBuffer(key);
        seen.keys.add(key);
        seen.bytes += dump?.length ?? 0;
        if (dump?.includes(password) || dump?.includes("user-3@") || key.includes(password)) seen.secrets++;
      }
    };
    const timer = setInterval(() => void look(), 100);
    const fleet = await space.run(["e2e", ...args, "--workers", "2"]);
    clearInterval(timer);
    await look();
    const alone = await space.run(["e2e", "--workers", "2"]);
    expect(countsOf(fleet.report)).toEqual(countsOf(alone.report));
    const { byPrompt } = countsOf(fleet.report);
    expect(byPrompt.length).toBeGreaterThan(3);
    expect(byPrompt.reduce((sum, [, turns]) => sum + Number(turns), 0)).toBe(36);
    expect(fleet.report.ledger).toMatchObject({ attempted: 36, completed: 36 });
    expect(causesOf(fleet.report)).toEqual([]);
    expect(fleet.report.generator.perWorker.map(({ servedBy }) => servedBy)).toEqual(["alpha", "beta"]);
    expect(fleet.report.notes.map(({ text }) => text).join("\n")).not.toContain("lost");
    expect(fleet.stderr).toMatch(/fleet: alpha \(zone=a\) serves worker 0, on this machine/);
    expect(seen.bytes).toBeGreaterThan(20_000);
    expect([...seen.keys].filter((key) => !key.startsWith("gp-load:"))).toEqual([]);
    expect(seen.secrets).toBe(0);
    const ttls = await Promise.all((await watcher.keys("*")).map((key) => watcher.pttl(key)));
    expect(ttls.filter((ttl) => ttl < 0)).toEqual([]);
    const written = readdirSync(fleet.folder).map((name) => readFileSync(join(fleet.folder, name), "utf8"));
    for (const text of written) expect(text).not.toContain(password);
  });

  it("finds a frame that leaked from a user of one worker to a user of another, exactly", async () => {
    const backend = await reference();
    const redis = await ownRedis();
    await backend.misbehave({ name: "event-to-wrong-socket", count: 3 });
    // One user each: whatever leaks comes from the other worker's.
    const file = scenarioFile(
      { url: backend.url },
      { load: load(2, "3s"), checks: ["isolation"], sla: FLEET_SLA },
    );
    const { space, worker, args } = testFleet(redis.url, file);
    await Promise.all([worker("alpha"), worker("beta")]);
    const { report } = await space.run(["e2e", ...args, "--workers", "2"]);
    expect(await backend.injected("event-to-wrong-socket")).toBe(3);
    expect(report.verdict).toBe("FAIL");
    expect(report.anomalies.leaked).toBe(3);
    const leaks = report.findings.filter(({ check, code }) => check === "isolation" && code === "leak-frame");
    expect(leaks.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it("whose worker is killed is INVALID within ten seconds and names it; what it had reported is kept", async () => {
    const server = await neutralServer();
    const redis = await ownRedis();
    const file = scenarioFile({ url: server.url }, { load: load(6, "30s"), checks: [], sla: FLEET_SLA });
    const { space, worker, args } = testFleet(redis.url, file);
    const [alpha] = await Promise.all([worker("alpha"), worker("beta")]);
    const run = space.start(["e2e", ...args, "--workers", "2"]);
    await underWay(space);
    const children = workersOf(alpha?.pid ?? 0);
    expect(children.length).toBe(1);
    const killedAt = performance.now();
    alpha?.signal("SIGKILL");
    await run.said(/was lost \(alpha: /);
    expect(performance.now() - killedAt).toBeLessThan(NOTICED_MS);
    run.signal("SIGINT");
    const { report } = space.resultOf(await run.finished);
    const lost = report.invalidReasons.find(({ code }) => code === "worker-lost");
    expect(lost?.message).toMatch(/worker \d was lost \(alpha: (silent for 8 s|its job has stalled)/);
    expect(report.verdict).toBe("INVALID");
    expect(report.metrics["agent.response"]?.count).toBeGreaterThan(5);
    expect(imbalance(report.ledger)).toBe(0);
    await waitUntil("its users are gone", () => !children.some(isAlive));
  });

  it("without a Redis is a clear error with exit code 2, within seconds", async () => {
    const { space, args } = testFleet(
      "redis://:cobalt-17@127.0.0.1:1",
      fixedScenario({ embedded: true }, 2, 1),
    );
    const { code, stderr, tookMs } = await space.start(["e2e", ...args]).finished;
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: no fleet over redis:\/\/\S*127\.0\.0\.1:1\S*: .*ECONNREFUSED/);
    expect(stderr).not.toContain("cobalt-17");
    expect(tookMs).toBeLessThan(NOTICED_MS);
    expect(space.runFolders()).toEqual([]);
    const alone = startCli(["worker", "--redis", "redis://127.0.0.1:1", "--fleet-key-file", "fleet.key"], {
      cwd: space.folder,
    });
    expect(await alone.finished).toMatchObject({ code: 2 });
  });
});
