// A fleet's Redis over TLS with a user of few rights, and orders that a worker refuses whoever gives them.
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, it, onTestFinished } from "vitest";
import { serveFleet } from "../../src/fleet/agent/agent.js";
import { openFleetRedis } from "../../src/fleet/messaging/connection.js";
import { fleetKey } from "../../src/fleet/messaging/fleet-key.js";
import { giveJob } from "../../src/fleet/messaging/jobs.js";
import { findAgents } from "../../src/fleet/messaging/offers.js";
import { keyOfRun, orderAbout } from "../../src/fleet/messaging/run-keys.js";
import { readDocument } from "../docs/markdown.js";
import { selfSigned } from "../e2e/support/certificate.js";
import { neutralServer } from "../e2e/support/neutral-server.js";
import { waitUntil } from "../e2e/support/wait.js";
import { startRedis } from "../real-stores/support/redis.js";
import { describeWith } from "../support/services.js";
import { causesOf, FLEET_SLA, fixedScenario, testFleet } from "./support/fleet.js";

const PASSWORD = "walnut-harbour-82";
const KEY = fleetKey("k3v9XcYt0pLk2mNb8sDf7gHj4aZw1eRu");

/** The rights as docs/fleet.md tells people to give them. */
function documentedRules(): string {
  const [, rules = ""] = /ACL SETUSER fleet on >\S+ ([^\n]+)/.exec(readDocument("docs/fleet.md")) ?? [];
  return rules.trim();
}

describeWith(["redis"], "a fleet", () => {
  it("runs over TLS with the rights that its document names, and with no fewer: neither without the CA nor the password", async () => {
    const server = await neutralServer();
    const tls = await selfSigned();
    const rules = documentedRules();
    expect(rules).toContain("~gp-load:*");
    const redis = await startRedis({ tls, user: { name: "fleet", password: PASSWORD, rules } });
    onTestFinished(() => redis.close());
    const file = fixedScenario({ url: server.url }, 4, 1, FLEET_SLA);
    const bare = `rediss://fleet@127.0.0.1:${redis.port}`;
    const env = { GP_LOAD_FLEET_PASSWORD: PASSWORD };
    const probe = testFleet(bare, file, env);
    const ca = probe.space.write("ca.pem", tls.cert);
    const untrusted = await probe.space.start(["e2e", ...probe.args], env).finished;
    expect([untrusted.code, untrusted.stderr]).toEqual([
      2,
      expect.stringMatching(/self.signed certificate/i),
    ]);
    const { space, worker, args } = testFleet(`${bare}?ca=${encodeURIComponent(ca)}`, file, env);
    const refused = await space.start(["e2e", ...args], { GP_LOAD_FLEET_PASSWORD: "wrong" }).finished;
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/WRONGPASS/)]);
    await worker("alpha");
    const { report } = await space.run(["e2e", ...args], env);
    expect(causesOf(report)).toEqual([]);
    expect(report.ledger).toMatchObject({ attempted: 4, completed: 4 });
  });

  it("refuses an order of another version, one that is old, and one that was not sealed with its key; each has failed", async () => {
    const server = await startRedis();
    onTestFinished(() => server.close());
    const notes: string[] = [];
    const stop = new AbortController();
    const serving = serveFleet({
      ...{ secretUrl: server.url, key: KEY, version: "1.2.3", name: "alpha", capacity: 10, labels: [] },
      ...{ allowedHosts: [], once: false, note: (text: string) => notes.push(text), signal: stop.signal },
    });
    const redis = await openFleetRedis(server.url);
    const shared = await redis.waiting();
    await waitUntil("it offers itself", async () => (await findAgents(redis.commands, KEY)).length === 1);
    const [agent] = await findAgents(redis.commands, KEY);
    const id = agent?.id ?? "";
    const order = async (runId: string, more: object, key = KEY): Promise<string | undefined> => {
      const [seconds] = await redis.commands.time();
      const whole = {
        runId,
        agent: id,
        version: "1.2.3",
        slices: [0],
        givenUs: Number(seconds) * 1e6,
        ...more,
      };
      const salt = Buffer.from(runId);
      const sealed = keyOfRun(key, salt).seal(Buffer.from(JSON.stringify(whole)), orderAbout(runId, id));
      const data = { runId, salt: salt.toString("base64"), sealed: sealed.toString("base64") };
      const job = await giveJob(redis, shared, id, data);
      let trouble: string | undefined;
      await waitUntil("the order has failed", async () => {
        trouble = await job.trouble();
        return trouble !== undefined;
      });
      await job.close();
      return trouble;
    };
    expect(await order("one", { version: "1.2.2" })).toBe(
      "the coordinator is gp-load 1.2.2, this is 1.2.3: install the same",
    );
    expect(await order("two", { givenUs: 1 })).toMatch(/too old/);
    const other = fleetKey("zzzz9XcYt0pLk2mNb8sDf7gHj4aZw1eRu");
    expect(await order("three", {}, other)).toBe(`it was not sealed with the key ${KEY.name}`);
    expect(notes.filter((note) => note.startsWith("an order was rejected")).length).toBe(3);
    stop.abort();
    await serving;
    redis.close();
    const watcher = new Redis(server.url);
    const keys = await watcher.keys("gp-load:agent:*");
    watcher.disconnect();
    expect(keys).toEqual([]);
  });

  it("refuses to load a host that a worker's owner does not allow, exit code 2", async () => {
    const server = await startRedis();
    onTestFinished(() => server.close());
    const target = {
      url: "https://api.example.com",
      accounts: { pattern: "u{n}@example.com", password: PASSWORD },
    };
    const { space, worker, args } = testFleet(server.url, fixedScenario(target, 2, 1));
    await worker("alpha");
    const run = await space.start(["e2e", ...args, "--allow-host", "api.example.com"]).finished;
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("the worker alpha does not load api.example.com");
    expect(run.stderr).toContain("gp-load worker --allow-host api.example.com");
    expect(join(space.folder, "reports")).toBe(space.reports);
    expect(space.runFolders()).toEqual([]);
  });
});
