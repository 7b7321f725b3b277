// What must not open to everybody: a refusal counts only where the right token opens it, and an opening is a breach.
import { describe, expect, it } from "vitest";
import type { Protocol } from "../../../src/profiles/profile.js";
import type { AccessServices } from "../../../src/session/probe/access-probes.js";
import { controlOf, type Door, decoyOf, ENDPOINTS } from "../../../src/session/probe/endpoints.js";
import { tryWithoutKey } from "../../../src/session/probe/unauthorised-probes.js";
import type { VirtualUser } from "../../../src/session/user/virtual-user.js";
import { FakeClock } from "../../support/fake-clock.js";
import { SESSION, scheduleOf } from "../../support/fake-service.js";

const OPEN = { ok: true, status: 200, page: { rows: [] }, threadIds: [], threadId: "made-1" } as const;
const refusal = (status: number) => ({ ok: false, status, message: `${status}` }) as const;

/** A service that answers all that is asked of it in one way; `calls` are what was asked, by name. */
function service(answer: object, capabilities: object = { history: true, search: true }) {
  const calls: string[] = [];
  const ask = (name: string) => async () => {
    calls.push(name);
    return answer;
  };
  const protocol = {
    capabilities,
    history: ask("history"),
    search: ask("search"),
    listThreads: ask("threads"),
    createThread: ask("create"),
    deleteThread: ask("delete"),
  } as unknown as Protocol;
  const decoys = new Set<string>();
  const services = {
    protocol,
    controls: new Map(),
    schedule: scheduleOf(new FakeClock(7)),
    registry: {
      addDecoy: (threadId: string) => decoys.add(threadId),
      dropDecoy: (threadId: string) => decoys.delete(threadId),
    },
  } as unknown as AccessServices;
  return { services, calls, decoys };
}

const owner = (fields: object = {}): VirtualUser =>
  ({
    ...{ number: 3, session: SESSION, threads: [{ id: "own" }], channel: { ready: true }, decoy: undefined },
    ...fields,
  }) as unknown as VirtualUser;

const HTTP_ENDPOINTS = ENDPOINTS.filter((door) => door !== "socket");

describe("whether the right token opens an endpoint", () => {
  it.each(ENDPOINTS)("is known of %s if it does", async (door) => {
    expect(await controlOf(door, owner(), service(OPEN).services)).toBe("open");
  });

  it.each(HTTP_ENDPOINTS)("is said of %s if it does not: a refusal would prove nothing", async (door) => {
    const control = await controlOf(door, owner(), service(refusal(403)).services);
    expect(control).toEqual({ why: "it does not open with a good token either (403)" });
  });

  it.each([0, 429, 500, 503])(
    "is not known where the service stumbles (%i), and asked again",
    async (status) => {
      const { services, calls } = service(refusal(status));
      expect(await controlOf("history", owner(), services)).toBeUndefined();
      expect(await controlOf("history", owner(), services)).toBeUndefined();
      expect(calls).toEqual(["history", "history"]);
    },
  );

  it("is tried once for all users of one service, and again for another one", async () => {
    const { services, calls } = service(OPEN);
    await controlOf("history", owner(), services);
    await controlOf("history", owner({ number: 4 }), services);
    expect(calls).toEqual(["history"]);
    const other = service(OPEN);
    await controlOf("history", owner(), other.services);
    expect(other.calls).toEqual(["history"]);
  });

  it("is not tried if the profile has no such thing, or before there is a thread", async () => {
    const { services, calls } = service(OPEN, { history: false, search: false, threadList: false });
    for (const door of ["history", "search", "threads"] as const)
      expect(await controlOf(door, owner(), services)).toMatchObject({
        why: expect.stringContaining("profile"),
      });
    expect(await controlOf("create", owner({ threads: [] }), services)).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it("leaves no thread behind that was created to find out", async () => {
    const { services, calls } = service(OPEN);
    await controlOf("create", owner(), services);
    expect(calls).toEqual(["create", "delete"]);
  });
});

describe("an endpoint that is tried without a good token", () => {
  const seeker = { name: "nobody", words: "without a token", session: { ...SESSION, token: "" } };
  const tried = async (door: Door, answer: object, user = owner({ decoy: "decoy-1" })) => {
    const made = service(answer);
    made.decoys.add("decoy-1");
    return { ...made, user, probe: await tryWithoutKey(door, seeker, user, made.services) };
  };

  it.each(HTTP_ENDPOINTS)("holds if %s is refused", async (door) => {
    const { probe } = await tried(door, refusal(401));
    expect(probe).toMatchObject({
      kind: `${door}-as-nobody`,
      result: "refused",
      expected: "401",
      user: 3,
      atUs: 7,
    });
  });

  it.each(HTTP_ENDPOINTS)("is breached if %s opens", async (door) => {
    const { probe } = await tried(door, OPEN);
    expect(probe).toMatchObject({ kind: `${door}-as-nobody`, result: "breach" });
  });

  it("says neither if the service stumbles", async () => {
    expect((await tried("history", refusal(500))).probe?.result).toBe("unclear");
  });

  it("names whose thread it was only if it was somebody's", async () => {
    expect((await tried("history", refusal(401))).probe).toMatchObject({ owner: 3, threadId: "own" });
    expect((await tried("threads", refusal(401))).probe).toMatchObject({
      owner: undefined,
      threadId: undefined,
    });
  });

  it("deletes a decoy at the worst, and forgets one that is gone", async () => {
    const held = await tried("delete", refusal(401));
    expect([held.probe?.threadId, held.user.decoy, held.decoys.size]).toEqual(["decoy-1", "decoy-1", 1]);
    const breached = await tried("delete", OPEN);
    expect([breached.probe?.threadId, breached.user.decoy, breached.decoys.size]).toEqual([
      "decoy-1",
      undefined,
      0,
    ]);
  });

  it("is not tried while there is no thread to try it on", async () => {
    const { probe, calls } = await tried("history", OPEN, owner({ threads: [] }));
    expect([probe, calls]).toEqual([undefined, []]);
  });
});

it("a decoy is created once per user, and shared with those who attack it", async () => {
  const { services, calls, decoys } = service(OPEN);
  const user = owner();
  expect(await decoyOf(user, services)).toBe("made-1");
  expect(await decoyOf(user, services)).toBe("made-1");
  expect([calls, [...decoys]]).toEqual([["create"], ["made-1"]]);
  expect(await decoyOf(owner(), service(refusal(500)).services)).toBeUndefined();
});
