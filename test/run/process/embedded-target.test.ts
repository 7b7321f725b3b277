// The embedded backend under the faults of its run: told to misbehave, locked out of its database, killed and back.
import { afterEach, describe, expect, it } from "vitest";
import { type Hosted, hostTarget } from "../../../src/run/process/embedded-target.js";
import type { FaultSpec, Scenario } from "../../../src/scenarios/scenario.js";
import { scenario, TARGET } from "../../support/scenario.js";

let hosted: Hosted | undefined;
afterEach(async () => {
  await hosted?.stop();
  hosted = undefined;
});

function spec(action: string, options: unknown): FaultSpec {
  return { atUs: 0, forUs: 1_000_000, everyUs: undefined, jitterUs: 0, action, options };
}

async function host(...faults: readonly FaultSpec[]): Promise<Hosted> {
  const embedded: Scenario = scenario({ target: { ...TARGET, embedded: true }, faults });
  hosted = await hostTarget(embedded);
  return hosted;
}

async function post(
  at: Hosted,
  path: string,
  body: unknown,
  token = "",
): Promise<[number, Record<string, string>]> {
  const answer = await fetch(at.scenario.target.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  return [answer.status, (await answer.json()) as Record<string, string>];
}

const ACCOUNT = { email: "a@example.com", password: "a long password" };

describe("the embedded backend", () => {
  it.runIf(process.platform === "linux")(
    "tells how long it waited for a core, which no other target can",
    async () => {
      const at = await host();
      expect(at.waitedUs()).toBeGreaterThan(0);
      expect((await hostTarget(scenario())).waitedUs()).toBeUndefined();
    },
  );

  it("misbehaves as long as requested", async () => {
    const at = await host(spec("defect", { name: "refuse-login" }));
    await post(at, "/auth/register", ACCOUNT);
    const order = { name: "refuse-login" };
    expect(await at.act({ kind: "defect", on: true, order })).toBeUndefined();
    expect((await post(at, "/auth/login", ACCOUNT))[0]).toBe(401);
    expect(await at.act({ kind: "defect", on: false, order })).toBeUndefined();
    expect((await post(at, "/auth/login", ACCOUNT))[0]).toBe(200);
    expect(await at.act({ kind: "defect", on: true, order: { name: "none" } })).toMatch(/422/);
  });

  it("says that its database is unavailable while something holds the lock", async () => {
    const at = await host(spec("lock-database", {}));
    const [, { access_token: token }] = await post(at, "/auth/register", ACCOUNT);
    expect(await at.act({ kind: "database", locked: true })).toBeUndefined();
    expect((await post(at, "/api/threads", { title: "t" }, token))[0]).toBe(503);
    expect(await at.act({ kind: "database", locked: false })).toBeUndefined();
    expect((await post(at, "/api/threads", { title: "t" }, token))[0]).toBe(200);
  });

  it("is gone when killed, and comes back at the same address with its data", async () => {
    const at = await host(spec("kill", {}));
    const [, { access_token: token }] = await post(at, "/auth/register", ACCOUNT);
    const [, { id }] = await post(at, "/api/threads", { title: "kept" }, token);
    expect(await at.act({ kind: "process", up: false })).toBeUndefined();
    await expect(post(at, "/auth/login", ACCOUNT)).rejects.toThrow();
    expect(await at.act({ kind: "process", up: true })).toBeUndefined();
    expect((await post(at, "/auth/login", ACCOUNT))[0]).toBe(200);
    const threads = await fetch(`${at.scenario.target.url}/api/threads`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(((await threads.json()) as { id: string }[]).map((thread) => thread.id)).toEqual([id]);
  });

  it("is not started with an unknown defect", async () => {
    await expect(host(spec("defect", { name: "modl-500" }))).rejects.toThrow(/no defect `modl-500`/);
    await expect(host(spec("defect", { name: "model-500", params: { ms: 1 } }))).rejects.toThrow(/ms/);
  });
});
