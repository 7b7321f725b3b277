// A backend that ends in mid-turn or is locked out of its database: what was accepted is neither lost nor done twice.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReferenceOptions } from "../../src/reference/options.js";
import { createSqlStore } from "../../src/reference/storage/sql-store.js";
import { lockSqlite, openSqlite } from "../../src/reference/storage/sqlite.js";
import { StoreUnavailable } from "../../src/reference/storage/store.js";
import { type Backend, FIVE, isEndOf, PROMPT, startBackend, typesOf } from "./backend.js";

const SLOW = { settleMs: 1, thinkMs: 5, toolMs: 30_000, answerMs: 1 };
let folder: string;
let databasePath: string;
let open: Backend[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gp-load-restart-"));
  databasePath = join(folder, "reference.db");
  open = [];
});
afterEach(async () => {
  for (const backend of open) await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: ReferenceOptions = {}): Promise<Backend> {
  const backend = await startBackend({ databasePath, tokenKey: "the same for both", ...options });
  open.push(backend);
  return backend;
}

/** Ends in the middle of a tool: the turns under way are cut off. */
async function endInMidTurn(backend: Backend): Promise<void> {
  await backend.close();
  open.splice(open.indexOf(backend), 1);
}

/** One user whose first message was in its tool, and whose second waited behind it, when the backend ended. */
async function interrupted(options: ReferenceOptions = {}) {
  const first = await start({ pace: SLOW });
  const user = await first.user();
  const thread = await first.thread(user);
  const before = await first.channel(user);
  const ids = [before.say(thread, PROMPT), before.say(thread, `${PROMPT} And what else?`)] as const;
  await before.frame(({ type }) => type === "tool_executing");
  await before.frame(({ type, payload }) => type === "message_ack" && payload.message_id === ids[1]);
  await endInMidTurn(first);
  const second = await start(options);
  return { user, thread, before, ids, second };
}

describe("a backend after the end of the one before it", () => {
  it("takes up what was accepted: who resumes sees each event once over both, with the same ids, and one answer", async () => {
    const { user, thread, before, ids, second } = await interrupted({ resumeGraceMs: 2000 });
    const back = await second.channel(user);
    const run = before.eventsOf(ids[0])[0]?.payload.run_id;
    back.send("resume", { run_id: run, after_seq: 3 });
    await back.frame(isEndOf(ids[0]));
    const all = [...before.eventsOf(ids[0]), ...back.eventsOf(ids[0])];
    expect(typesOf(all)).toEqual(FIVE);
    expect(all.map(({ payload }) => payload.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(all.map(({ payload }) => payload.run_id))).toEqual(new Set([run]));
    expect(all[3]?.payload.execution_id).toBe(all[2]?.payload.execution_id);
    await back.frame(isEndOf(ids[1]));
    expect(typesOf(back.eventsOf(ids[1]))).toEqual(FIVE);
    const rows = await second.rows(user, thread);
    expect(rows.map(({ role, metadata }) => [role, metadata.message_id])).toEqual([
      ["user", ids[0]],
      ["user", ids[1]],
      ["assistant", ids[0]],
      ["assistant", ids[1]],
    ]);
    expect((await second.control("GET", "/stats")).body.turnsTakenUp).toBe(2);
  });

  it("marks what it may send a second time to those who do not resume", async () => {
    const { user, ids, second } = await interrupted();
    const back = await second.channel(user);
    await back.frame(isEndOf(ids[0]));
    const events = back.eventsOf(ids[0]);
    expect(typesOf(events)).toEqual(FIVE);
    expect(events.every(({ payload }) => payload.replayed === true)).toBe(true);
  });

  it("takes nothing up a second time", async () => {
    const { user, ids, second } = await interrupted();
    const back = await second.channel(user);
    await back.frame(isEndOf(ids[1]));
    await endInMidTurn(second);
    const third = await start();
    expect((await third.control("GET", "/stats")).body.turnsTakenUp).toBe(0);
  });

  it("leaves alone what a service with another key had accepted", async () => {
    const { second } = await interrupted({ tokenKey: "another one" });
    expect((await second.control("GET", "/stats")).body.turnsTakenUp).toBe(0);
  });

  it("forgets exactly so many of them as it is told to", async () => {
    const { user, thread, ids, second } = await interrupted({
      defects: [{ name: "forgotten-at-restart", count: 1 }],
    });
    const back = await second.channel(user);
    await back.frame(isEndOf(ids[1]));
    expect(back.eventsOf(ids[0])).toEqual([]);
    expect((await second.defect("forgotten-at-restart")).hits).toMatchObject([{ messageId: ids[0] }]);
    expect((await second.rows(user, thread)).map(({ role }) => role)).toEqual(["user", "user", "assistant"]);
  });
});

describe("a database that someone else holds locked", () => {
  it("keeps every row that was said to be written after the lock, also next to statements that had failed", async () => {
    const store = createSqlStore(openSqlite(databasePath, true));
    const unlock = lockSqlite(databasePath);
    const note = { runId: "r", owner: "o", messageId: "m", weight: "light" } as const;
    const user = { id: "u", email: "u@example.com", name: "u", org: "o", passwordHash: "h" };
    await expect(store.addOpenRun(note)).rejects.toThrow(StoreUnavailable);
    await expect(store.putFact("t", "budget", "1")).rejects.toThrow(StoreUnavailable);
    unlock();
    expect(await store.addUser(user)).toBe(true);
    await store.addOpenRun(note);
    // What another connection sees is what is really there.
    const other = createSqlStore(openSqlite(databasePath, true));
    expect((await other.userById("u"))?.email).toBe(user.email);
    await other.close();
    await store.close();
  });
});
