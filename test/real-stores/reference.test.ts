// The reference backend on PostgreSQL, Redis and ClickHouse: what it keeps where, and what its per-store defects do.
import { createClient } from "@clickhouse/client";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Backend, type Channel, PROMPT, startBackend, type User, until } from "../reference/backend.js";
import { describeWithStores, urlOf } from "./support/stores.js";

interface Kept {
  readonly role: string;
  readonly text: string;
  readonly user: string;
}

describeWithStores(["postgres", "redis", "clickhouse"], "the reference backend on three stores", () => {
  let urls: { readonly databaseUrl: string; readonly redisUrl: string; readonly clickhouseUrl: string };
  let backend: Backend;
  let user: User;
  let other: User;
  let thread: string;
  let foreign: string;
  let channel: Channel;
  let database: pg.Client;
  let redis: Redis;
  let clickhouse: ReturnType<typeof createClient>;
  beforeAll(async () => {
    urls = { databaseUrl: urlOf("postgres"), redisUrl: urlOf("redis"), clickhouseUrl: urlOf("clickhouse") };
    clickhouse = createClient({ url: urls.clickhouseUrl });
    backend = await startBackend(urls);
    database = new pg.Client(urls.databaseUrl);
    await database.connect();
    redis = new Redis(urls.redisUrl);
  });
  beforeEach(async () => {
    await backend.control("DELETE", "/defects");
    [user, other] = [await backend.user(), await backend.user()];
    [thread, foreign] = [await backend.thread(user), await backend.thread(other)];
    channel = await backend.channel(user);
  });
  afterAll(async () => {
    await backend?.close();
    await database?.end();
    redis?.disconnect();
    await clickhouse?.close();
  });

  const readers: Record<string, (threadId: string) => Promise<Kept[]>> = {
    async postgres(threadId) {
      const { rows } = await database.query(
        'SELECT role, content AS text, user_id AS "user" FROM gp_load_reference.messages WHERE thread_id = $1 ORDER BY created_us, id',
        [threadId],
      );
      return rows;
    },
    async redis(threadId) {
      const ids = await redis.zrange(`thread:${threadId}:messages`, "0", "-1");
      const texts = ids.length > 0 ? await redis.mget(ids.map((id) => `message:${id}`)) : [];
      return texts
        .map((text) => JSON.parse(text ?? "{}"))
        .map(({ role, content, user_id }) => ({ role, text: content, user: user_id }));
    },
    async clickhouse(threadId) {
      const answer = await clickhouse.query({
        query: `SELECT role, text, user_id AS user FROM gp_load_messages WHERE thread_id = '${threadId}' ORDER BY created_us`,
        format: "JSONEachRow",
      });
      return answer.json<Kept>();
    },
  };
  const names = Object.keys(readers);
  const rolesIn = async (store: string, threadId: string): Promise<string> =>
    ((await readers[store]?.(threadId)) ?? []).map(({ role }) => role[0]).join("");
  const settledRoles = async (store: string, threadId: string, expected: string): Promise<void> =>
    until(async () => (await rolesIn(store, threadId)) === expected);

  it.each(names)("keeps each message and its answer in %s, with owner, role and text", async (store) => {
    const events = await channel.turn(thread, PROMPT);
    await settledRoles(store, thread, "ua");
    const kept = await readers[store]?.(thread);
    expect(kept).toEqual([
      { role: "user", text: PROMPT, user: user.id },
      { role: "assistant", text: events.at(-1)?.payload.response, user: user.id },
    ]);
  });

  it.each(names)(
    "loses, doubles, misplaces and alters rows in %s alone, as often as it is told",
    async (store) => {
      const params = { store, role: "user" };
      for (const name of ["store-row-lost", "store-row-doubled", "store-row-foreign", "store-row-altered"]) {
        await backend.switchOn({ name, count: 1, params });
      }
      await channel.turn(thread, PROMPT);
      await channel.turn(thread, PROMPT);
      for (const name of ["store-row-lost", "store-row-doubled", "store-row-foreign", "store-row-altered"]) {
        expect((await backend.defect(name)).injected).toBe(1);
      }
      // The first turn lost its message; the second doubled and altered it, and left a copy with somebody else.
      await until(async () => [...(await rolesIn(store, thread))].sort().join("") === "aauu");
      await settledRoles(store, foreign, "u");
      const texts = (await readers[store]?.(thread))
        ?.filter(({ role }) => role === "user")
        .map(({ text }) => text);
      expect(texts?.filter((text) => text === PROMPT)).toHaveLength(1);
      expect(texts?.filter((text) => text.includes("[altered]"))).toHaveLength(1);
      for (const untouched of names.filter((name) => name !== store)) {
        await settledRoles(untouched, thread, "uaua");
        expect(await rolesIn(untouched, foreign)).toBe("");
      }
    },
  );

  it("counts turns and events in ClickHouse", async () => {
    await channel.turn(thread, PROMPT);
    const count = async (table: string): Promise<unknown> => {
      const query = `SELECT count() AS n FROM ${table} WHERE thread_id = '${thread}'`;
      return (await (await clickhouse.query({ query, format: "JSONEachRow" })).json<{ n: unknown }>())[0]?.n;
    };
    await until(async () => String(await count("gp_load_turns")) === "1");
    expect(String(await count("gp_load_events"))).toBe("5");
  });

  it("serves history, search, refreshed tokens and deletion from PostgreSQL", async () => {
    await channel.turn(thread, PROMPT);
    expect((await backend.rows(user, thread)).map(({ role }) => role)).toEqual(["user", "assistant"]);
    const found = await backend.call("GET", "/api/history?content_search=MODEL%20spend&role=user", {
      token: user.token,
    });
    expect(found.body.pagination).toMatchObject({ total: 1 });
    const refresh = { body: { refresh_token: user.refreshToken } };
    expect((await backend.call("POST", "/auth/refresh", refresh)).status).toBe(200);
    expect((await backend.call("POST", "/auth/refresh", refresh)).status).toBe(401);
    expect((await backend.call("DELETE", `/api/threads/${thread}`, { token: user.token })).status).toBe(200);
    await settledRoles("postgres", thread, "");
    await settledRoles("redis", thread, "");
  });

  it("remembers over a restart, and delivers what its user missed before it", async () => {
    const first = await startBackend({ ...urls, pace: { answerMs: 400 } });
    const absent = await first.user();
    const talk = await first.thread(absent);
    const socket = await first.channel(absent);
    const id = socket.say(talk, PROMPT);
    await socket.frame(({ type }) => type === "tool_completed");
    await socket.close();
    await until(async () => (await first.rows(absent, talk)).length === 2);
    await until(async () => (await redis.llen(`offline:${absent.id}`)) === 1);
    await first.close();
    const second = await startBackend(urls);
    try {
      const login = await second.call("POST", "/auth/login", {
        body: { email: absent.email, password: "correct horse" },
      });
      const back = await second.channel({ ...absent, token: String(login.body.access_token) });
      const late = await back.frame(({ type }) => type === "agent_completed");
      expect(late.payload).toMatchObject({ message_id: id, thread_id: talk, replayed: true });
    } finally {
      await second.close();
    }
  });
});

describeWithStores(["postgres"], "a database that cannot be used", () => {
  it("is reported at the start without its password", async () => {
    const wrong = new URL(urlOf("postgres"));
    wrong.password = "wrong-harbour-17";
    const failed = await startBackend({ databaseUrl: wrong.href }).catch((error: Error) => error);
    expect(String(failed)).toMatch(/the database: .*password authentication failed/);
    expect(String(failed)).not.toContain("wrong-harbour-17");
    const nobody = await startBackend({ redisUrl: "redis://:wrong-harbour-17@127.0.0.1:1" }).catch(
      (error: Error) => error,
    );
    expect(String(nobody)).toMatch(/Redis: .*ECONNREFUSED/);
    expect(String(nobody)).not.toContain("wrong-harbour-17");
  });
});
