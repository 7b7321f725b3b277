// The readers of stores against real servers: what they find, that they cannot write, and how they fail.
import { createClient } from "@clickhouse/client";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { StoreSpec } from "../../src/model/log/store.js";
import { openStore } from "../../src/stores/index.js";
import { StoreFault, type StoreReader } from "../../src/stores/reader.js";
import { describeWithStores, urlOf } from "./support/stores.js";

const WRONG = "wrong-harbour-17";
/** Ids that a hostile backend may have given out. */
const HOSTILE = [
  "it's",
  "back\\slash",
  "'); DROP TABLE gp_r; --",
  "line\nbreak",
  'quo"te',
  "ünïcode ☂",
  "$1 {id} :threads",
];

const open: StoreReader[] = [];
afterEach(async () => {
  for (const reader of open.splice(0)) await reader.close();
});

async function reader(spec: Partial<StoreSpec> & Pick<StoreSpec, "store" | "secretUrl" | "byThread">) {
  const one = await openStore({
    place: "there",
    byMessage: undefined,
    holds: "both",
    windowUs: 0,
    timeoutUs: 2_000_000,
    keep: undefined,
    ...spec,
  });
  open.push(one);
  return one;
}

/** The fault that a reading ends with. */
async function faultOf(reading: Promise<unknown>): Promise<StoreFault> {
  const fault = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof StoreFault)) throw new Error(`no fault but ${String(fault)}`);
  expect(fault.message).not.toContain(WRONG);
  expect(fault.message).not.toContain("\n");
  return fault;
}

function withPassword(url: string): string {
  const changed = new URL(url);
  changed.password = WRONG;
  return changed.href;
}

function elsewhere(url: string): string {
  const changed = new URL(withPassword(url));
  changed.port = "1";
  return changed.href;
}

describeWithStores(["postgres"], "PostgreSQL", () => {
  let secretUrl: string;
  const BY_THREAD =
    "SELECT id, thread AS thread_id, 'user' AS role, body AS text FROM gp_r WHERE thread = ANY(:threads)";
  let client: pg.Client;
  beforeAll(async () => {
    secretUrl = urlOf("postgres");
    client = new pg.Client(secretUrl);
    await client.connect();
    await client.query("DROP TABLE IF EXISTS gp_r; CREATE TABLE gp_r (id int, thread text, body json)");
    for (const [at, thread] of HOSTILE.entries())
      await client.query("INSERT INTO gp_r VALUES ($1, $2, $3)", [
        at,
        thread,
        JSON.stringify([{ text: { value: thread } }]),
      ]);
  });
  afterAll(async () => {
    await client.query("DROP TABLE gp_r");
    await client.end();
  });
  const read = (byThread: string, rest: Partial<StoreSpec> = {}) =>
    reader({ store: "postgres", secretUrl, byThread, ...rest });

  it("finds rows by any id, and no others", async () => {
    const { rows, cut } = await (await read(BY_THREAD)).byThreads(
      [...HOSTILE.slice(1), "nobody", "nul\0"],
      100,
    );
    expect(rows.map(({ threadId }) => threadId).sort()).toEqual(HOSTILE.slice(1).sort());
    expect(rows.every(({ text, threadId }) => text === threadId)).toBe(true);
    expect(cut).toBe(false);
  });

  it("hands out no more rows than it may, and says that there are more", async () => {
    const { rows, cut } = await (await read(BY_THREAD)).byThreads(HOSTILE, 3);
    expect([rows.length, cut]).toEqual([3, true]);
  });

  it("cannot write, whatever the query says", async () => {
    const writing = await read("SELECT id FROM (SELECT gp_write() AS id) AS w WHERE 'a' = ANY(:threads)");
    await client.query(
      "CREATE OR REPLACE FUNCTION gp_write() RETURNS int LANGUAGE sql AS 'DELETE FROM gp_r RETURNING id'",
    );
    expect((await faultOf(writing.byThreads(["a"], 10))).message).toMatch(/read-only transaction/);
    await client.query("DROP FUNCTION gp_write()");
  });

  it("gives up a slow statement, as a fault of time", async () => {
    const slow = await read("SELECT pg_sleep(5)::text AS id WHERE 'a' = ANY(:threads)", {
      timeoutUs: 100_000,
    });
    const fault = await faultOf(slow.byThreads(["a"], 10));
    expect([fault.timedOut, fault.message]).toEqual([true, expect.stringMatching(/statement timeout/)]);
  });

  it("explains how it looks rows up", async () => {
    expect(await (await read(BY_THREAD)).explain?.(["a"])).toMatch(/Scan on gp_r/);
  });

  it.each([
    ["a wrong password", () => ({ secretUrl: withPassword(secretUrl) }), /password authentication failed/],
    [
      "a missing table",
      () => ({ byThread: "SELECT 1 FROM gone WHERE 'a' = ANY(:threads)" }),
      /relation "gone" does not exist/,
    ],
    ["nobody there", () => ({ secretUrl: elsewhere(secretUrl) }), /ECONNREFUSED/],
  ])("tells the cause of %s, and no password", async (_what, spec, cause) => {
    const fault = await faultOf((await read(BY_THREAD, spec())).byThreads(["a"], 10));
    expect([fault.message, fault.timedOut]).toEqual([expect.stringMatching(cause), false]);
  });
});

describeWithStores(["clickhouse"], "ClickHouse", () => {
  let secretUrl: string;
  const BY_THREAD =
    "SELECT id, thread AS thread_id, 'assistant' AS role, body AS text FROM gp_r WHERE thread IN (:threads)";
  let client: ReturnType<typeof createClient>;
  beforeAll(async () => {
    secretUrl = urlOf("clickhouse");
    client = createClient({ url: secretUrl });
    await client.command({ query: "DROP TABLE IF EXISTS gp_r" });
    await client.command({
      query:
        "CREATE TABLE gp_r (day Date, id String, thread String, body String) ENGINE = MergeTree(day, (thread, id), 8192)",
    });
    const values = HOSTILE.map((thread, at) => ({ day: "2026-01-01", id: String(at), thread, body: thread }));
    await client.insert({ table: "gp_r", values, format: "JSONEachRow" });
  });
  afterAll(async () => {
    await client.command({ query: "DROP TABLE gp_r" });
    await client.close();
  });
  const read = (byThread: string, rest: Partial<StoreSpec> = {}) =>
    reader({ store: "clickhouse", secretUrl, byThread, ...rest });

  it("finds rows by any id, in as many queries as it takes", async () => {
    const many = Array.from({ length: 4500 }, (_, at) => `none-${at}`);
    const { rows } = await (await read(BY_THREAD)).byThreads([...HOSTILE.slice(1), ...many], 100);
    expect(rows.map(({ threadId }) => threadId).sort()).toEqual(HOSTILE.slice(1).sort());
    expect(rows.every(({ text, threadId }) => text === threadId)).toBe(true);
  });

  it("hands out no more rows than it may, and says that there are more", async () => {
    const { rows, cut } = await (await read(BY_THREAD)).byThreads(HOSTILE, 3);
    expect([rows.length, cut]).toEqual([3, true]);
  });

  it("cannot change a setting, and so not its being read-only", async () => {
    const writing = await read("SELECT 1 AS id SETTINGS readonly = 0");
    expect((await faultOf(writing.byThreads(["a"], 10))).message).toMatch(/readonly|Syntax error/);
  });

  it.each([
    [
      "a missing table",
      () => ({ byThread: "SELECT 1 AS id FROM gone WHERE 'a' IN (:threads)" }),
      /gone.*(doesn't|does not) exist/,
    ],
    ["nobody there", () => ({ secretUrl: elsewhere(secretUrl) }), /ECONNREFUSED/],
    ["a wrong password", () => ({ secretUrl: withPassword(secretUrl) }), /password/i],
  ])("tells the cause of %s, and no password", async (_what, spec, cause) => {
    const fault = await faultOf((await read(BY_THREAD, spec())).byThreads(["a"], 10));
    expect(fault.message).toMatch(cause);
  });
});

describeWithStores(["redis"], "Redis", () => {
  let secretUrl: string;
  let client: Redis;
  beforeAll(async () => {
    secretUrl = urlOf("redis");
    client = new Redis(secretUrl);
    for (const thread of HOSTILE) {
      await client.del(`gp:${thread}`);
      await client.set(
        `gp-m:${thread}`,
        JSON.stringify({ id: thread, role: "user", content: thread }),
        "EX",
        60,
      );
      await client.rpush(`gp:${thread}`, thread);
    }
    await client.del("gp:json", "gp:sorted");
    await client.lpush(
      "gp:json",
      JSON.stringify({ id: "1", role: "user", text: "one" }),
      "{broken",
      "expired",
    );
    await client.zadd("gp:sorted", 1, "it's", 2, "back\\slash");
    await client.set("gp:text", "x", "EX", 60);
  });
  afterAll(async () => {
    await client.del("gp:json", "gp:sorted", ...HOSTILE.map((thread) => `gp:${thread}`));
    client.disconnect();
  });
  const read = (rest: Partial<StoreSpec> = {}) =>
    reader({ store: "redis", secretUrl, byThread: "gp:{thread}", byMessage: "gp-m:{id}", ...rest });

  it("finds messages by the ids in a thread's list, whatever the ids are", async () => {
    const { rows } = await (await read()).byThreads([...HOSTILE, "nobody"], 100);
    expect(rows.map(({ id }) => id)).toEqual(HOSTILE);
    expect(rows.every(({ text, threadId }) => text === threadId)).toBe(true);
  });

  it("finds messages that are members themselves, in sorted sets too; what has expired or is no message is no row", async () => {
    const found = await (await read()).byThreads(["json", "sorted"], 100);
    expect(found.rows.map(({ threadId, text }) => [threadId, text])).toEqual([
      ["json", "one"],
      ["sorted", "it's"],
      ["sorted", "back\\slash"],
    ]);
  });

  it("hands out no more rows than it may, and says that there are more", async () => {
    const { rows, cut } = await (await read()).byThreads(HOSTILE, 3);
    expect([rows.length, cut]).toEqual([3, true]);
  });

  it.each([
    ["a key of another kind", () => ({}), "text", /the thread's key is a string/],
    ["nobody there", () => ({ secretUrl: elsewhere(secretUrl) }), "a", /ECONNREFUSED/],
    [
      "a wrong password",
      () => ({ secretUrl: withPassword(secretUrl).replace("//:", "//nobody:") }),
      "a",
      /WRONGPASS/,
    ],
  ])("tells the cause of %s, and no password", async (_what, spec, thread, cause) => {
    expect((await faultOf((await read(spec())).byThreads([thread], 10))).message).toMatch(cause);
  });

  it("reads on after an outage of its connection", async () => {
    const one = await read();
    await one.byThreads(HOSTILE, 100);
    await client.call("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await one.byThreads(HOSTILE, 100)).rows).toHaveLength(HOSTILE.length);
  });
});
