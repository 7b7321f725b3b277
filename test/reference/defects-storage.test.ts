// The defects of storage and of access: what they hit, how often, and that they hit nothing else.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Backend,
  type Channel,
  FIVE,
  PROMPT,
  quiet,
  type Row,
  refusedWith,
  startBackend,
  typesOf,
  type User,
} from "./backend.js";

let backend: Backend;
let user: User;
let other: User;
let thread: string;
let foreign: string;
let channel: Channel;
beforeAll(async () => {
  backend = await startBackend();
});
beforeEach(async () => {
  await backend.control("DELETE", "/defects");
  [user, other] = [await backend.user(), await backend.user()];
  [thread, foreign] = [await backend.thread(user), await backend.thread(other)];
  channel = await backend.channel(user);
});
afterAll(() => backend.close());

/** Two turns; the rows of their thread, and the answers that were sent. */
async function twoTurns(): Promise<{ rows: Row[]; answers: unknown[] }> {
  const turns = [await channel.turn(thread, PROMPT), await channel.turn(thread, PROMPT)];
  for (const events of turns) expect(typesOf(events)).toEqual(FIVE);
  return {
    rows: await backend.rows(user, thread),
    answers: turns.map((events) => events.at(-1)?.payload.response),
  };
}

const roles = (rows: readonly Row[]) => rows.map(({ role }) => role[0]).join("");

describe("defects of storage", () => {
  it("answer-not-stored keeps one answer out of the history", async () => {
    await backend.switchOn({ name: "answer-not-stored", count: 1 });
    expect(roles((await twoTurns()).rows)).toBe("uua");
    expect((await backend.defect("answer-not-stored")).injected).toBe(1);
  });

  it("stored-text-differs stores another text than was sent", async () => {
    await backend.switchOn({ name: "stored-text-differs", count: 1 });
    const { rows, answers } = await twoTurns();
    expect(roles(rows)).toBe("uaua");
    expect(rows[1]?.content).not.toBe(answers[0]);
    expect(rows[3]?.content).toBe(answers[1]);
  });

  it.each([
    ["assistant", "uaaua"],
    ["user", "uuaua"],
  ])("row-stored-twice doubles a row of the %s", async (role, expected) => {
    await backend.switchOn({ name: "row-stored-twice", count: 1, params: { role } });
    const { rows } = await twoTurns();
    expect(roles(rows)).toBe(expected);
    expect((await backend.defect("row-stored-twice")).injected).toBe(1);
  });

  it.each(["user", "assistant"])(
    "row-in-foreign-thread copies a row of the %s to somebody else",
    async (role) => {
      await backend.switchOn({ name: "row-in-foreign-thread", count: 1, params: { role } });
      const { rows } = await twoTurns();
      expect(roles(rows)).toBe("uaua");
      const { hits, injected } = await backend.defect("row-in-foreign-thread");
      expect(injected).toBe(1);
      expect(hits[0]?.detail).toContain(other.id);
      const stray = await backend.rows(other, foreign);
      expect(stray).toMatchObject([{ role, content: rows[role === "user" ? 0 : 1]?.content }]);
    },
  );

  it.each([
    ["user", "aua"],
    ["assistant", "uua"],
  ])("row-lost loses a row of the %s that was accepted", async (role, expected) => {
    await backend.switchOn({ name: "row-lost", count: 1, params: { role } });
    expect(roles((await twoTurns()).rows)).toBe(expected);
  });

  it("answer-in-other-thread stores one answer in another thread of the user, and needs one", async () => {
    await backend.switchOn({ name: "answer-in-other-thread", count: 1 });
    expect(roles((await twoTurns()).rows)).toBe("uaua");
    expect((await backend.defect("answer-in-other-thread")).injected).toBe(0);
    const second = await backend.thread(user);
    expect(roles((await twoTurns()).rows)).toBe("uauauua");
    expect(roles(await backend.rows(user, second))).toBe("a");
    expect((await backend.defect("answer-in-other-thread")).injected).toBe(1);
  });

  it("answer-in-other-thread can name the other thread in the event, too", async () => {
    const second = await backend.thread(user);
    await backend.switchOn({ name: "answer-in-other-thread", count: 1, params: { event: true } });
    const events = await channel.turn(thread, PROMPT);
    expect(events.map(({ payload }) => payload.thread_id)).toEqual([...Array(4).fill(thread), second]);
  });

  it("store-unavailable rejects messages and reads clearly, and an answer waits until the database is back", async () => {
    await backend.switchOn({ name: "store-unavailable", count: 1 });
    const [refused] = await channel.turn(thread, PROMPT);
    expect(refused).toMatchObject({ type: "error", payload: { code: "unavailable" } });
    await backend.switchOn({ name: "store-unavailable", count: 1 });
    expect((await backend.call("GET", `/api/threads/${thread}/messages`, { token: user.token })).status).toBe(
      503,
    );
    const id = channel.say(thread, PROMPT, { metadata: { weight: "heavy" } });
    await channel.frame(({ type, payload }) => type === "tool_completed" && payload.message_id === id);
    await backend.switchOn({ name: "store-unavailable" });
    await quiet(300);
    expect(channel.eventsOf(id)).toHaveLength(4);
    await backend.control("DELETE", "/defects/store-unavailable");
    await channel.frame(({ type, payload }) => type === "agent_completed" && payload.message_id === id);
    expect(roles(await backend.rows(user, thread))).toBe("ua");
  });
});

describe("defects of access", () => {
  const read = (path: string, token?: string) =>
    backend.call("GET", path, token === undefined ? {} : { token });

  it("history-without-owner-check shows another's thread so many times; an owner's read is no injection", async () => {
    await backend.switchOn({ name: "history-without-owner-check", count: 1 });
    expect((await read(`/api/threads/${thread}/messages`, user.token)).status).toBe(200);
    expect((await read(`/api/threads/${foreign}/messages`, user.token)).status).toBe(200);
    expect((await read(`/api/threads/${foreign}/messages`, user.token)).status).toBe(403);
    expect((await backend.defect("history-without-owner-check")).hits).toMatchObject([
      { userId: user.id, threadId: foreign },
    ]);
  });

  it("socket-accepts-foreign-thread lets one message into another's thread", async () => {
    await backend.switchOn({ name: "socket-accepts-foreign-thread", count: 1 });
    expect(typesOf(await channel.turn(foreign, PROMPT))).toEqual(FIVE);
    expect((await channel.turn(foreign, PROMPT))[0]?.payload.code).toBe("forbidden");
    expect(roles(await backend.rows(other, foreign))).toBe("ua");
  });

  it("endpoint-without-check opens the history search, the deletion or the list of threads", async () => {
    const theirs = await backend.channel(other);
    await theirs.turn(foreign, PROMPT);
    const total = async () => {
      const { body } = await read(`/api/history?thread_id=${foreign}`, user.token);
      return (body.pagination as { total: number }).total;
    };
    await backend.switchOn({ name: "endpoint-without-check", count: 1 });
    expect([await total(), await total()]).toEqual([2, 0]);
    await backend.switchOn({ name: "endpoint-without-check", count: 1, params: { endpoint: "threads" } });
    expect([(await read("/api/threads")).status, (await read("/api/threads")).status]).toEqual([200, 401]);
    await backend.switchOn({ name: "endpoint-without-check", count: 1, params: { endpoint: "delete" } });
    expect((await backend.call("DELETE", `/api/threads/${foreign}`, { token: user.token })).status).toBe(200);
    expect((await backend.defect("endpoint-without-check")).injected).toBe(1);
    await theirs.close();
  });

  it("search-misses-hit and search-foreign-hit falsify one search each", async () => {
    await channel.turn(thread, PROMPT);
    const find = async () => {
      const { body } = await read("/api/history?content_search=5%2C300&role=user", user.token);
      return { found: (body.history as Row[]).length, total: (body.pagination as { total: number }).total };
    };
    expect(await find()).toEqual({ found: 1, total: 1 });
    await backend.switchOn({ name: "search-misses-hit", count: 1 });
    expect([await find(), await find()]).toEqual([
      { found: 0, total: 0 },
      { found: 1, total: 1 },
    ]);
    await backend.switchOn({ name: "search-foreign-hit", count: 1 });
    expect([await find(), await find()]).toEqual([
      { found: 2, total: 2 },
      { found: 1, total: 1 },
    ]);
  });

  it("refuse-login, refuse-upgrade and close-at-once refuse one attempt each", async () => {
    for (const name of ["refuse-login", "refuse-upgrade", "close-at-once"])
      await backend.switchOn({ name, count: 1 });
    const login = () =>
      backend.call("POST", "/auth/login", { body: { email: user.email, password: "correct horse" } });
    expect([(await login()).status, (await login()).status]).toEqual([401, 200]);
    expect(await refusedWith(backend.wsUrl, { authorization: `Bearer ${user.token}` })).toBe(503);
    const closed = await backend.channel(user);
    if (closed.socket.readyState !== closed.socket.CLOSED) {
      expect(await new Promise((resolve) => closed.socket.once("close", resolve))).toBe(1011);
    }
    expect(closed.frames).toEqual([]);
    const opened = await backend.channel(user);
    await opened.frame(({ type }) => type === "connection_established");
    await opened.close();
  });

  it("socket-outlives-token leaves one socket open that should close", async () => {
    const brief = await startBackend({ tokenTtlSeconds: 3 });
    await brief.switchOn({ name: "socket-outlives-token", count: 1 });
    const [one, two] = [await brief.user(), await brief.user()];
    const channels = [await brief.channel(one), await brief.channel(two)];
    // Both tokens run out within the same second or the next; one of the sockets goes with its token.
    await Promise.race(channels.map(({ socket }) => new Promise((resolve) => socket.once("close", resolve))));
    await quiet(1200);
    const open = channels.filter(({ socket }) => socket.readyState === socket.OPEN);
    expect(open).toHaveLength(1);
    expect((await brief.defect("socket-outlives-token")).injected).toBe(1);
    await brief.close();
  });
});

describe("slow stages", () => {
  async function timed(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return performance.now() - start;
  }

  it.each([
    ["slow-history", () => backend.call("GET", `/api/threads/${thread}/messages`, { token: user.token })],
    ["slow-search", () => backend.call("GET", "/api/history", { token: user.token })],
    ["slow-processing", () => channel.turn(thread, PROMPT)],
    ["slow-response", () => channel.turn(thread, PROMPT)],
  ] as const)("%s delays one and then no more", async (name, work) => {
    await backend.switchOn({ name, count: 1, params: { ms: 400 } });
    expect(await timed(work)).toBeGreaterThan(395);
    expect(await timed(work)).toBeLessThan(395);
    expect((await backend.defect(name)).injected).toBe(1);
  });

  it("slow-processing comes before agent_started, slow-response between the tool and the end", async () => {
    await backend.switchOn({ name: "slow-processing", count: 1, params: { ms: 200 } });
    await backend.switchOn({ name: "slow-response", count: 1, params: { ms: 200 } });
    const sent = Date.now() / 1000;
    const stamps = (await channel.turn(thread, PROMPT)).map(({ timestamp }) => timestamp);
    expect((stamps[0] ?? 0) - sent).toBeGreaterThan(0.19);
    expect((stamps[3] ?? 0) - (stamps[0] ?? 0)).toBeLessThan(0.19);
    expect((stamps[4] ?? 0) - (stamps[3] ?? 0)).toBeGreaterThan(0.19);
  });

  it("degrade-after starts at this many connected users, ends below them, and is sticky where told", async () => {
    const fresh = await startBackend();
    const users = [await fresh.user(), await fresh.user()];
    const [first, second] = [await fresh.channel(users[0] as User), await fresh.channel(users[1] as User)];
    const place = await fresh.thread(users[0] as User);
    const turn = () => timed(() => first.turn(place, PROMPT));
    await fresh.switchOn({ name: "degrade-after", params: { users: 2, ms: 250 } });
    expect(await turn()).toBeGreaterThan(245);
    await second.close();
    await quiet(30);
    expect(await turn()).toBeLessThan(245);
    await fresh.switchOn({ name: "degrade-after", params: { turns: 1, ms: 150, growMs: 100, sticky: true } });
    const growing = [await turn(), await turn()];
    expect(growing[1]).toBeGreaterThan((growing[0] ?? 0) + 60);
    await fresh.close();
  });
});
