// The store on SQLite: prepared statements over one file in WAL mode, called synchronously.
import Database from "libsql";
import { askFrom, cleanRow, factFrom, messageFrom, openRunFrom, threadFrom, userFrom } from "./rows.js";
import { pragmas, SCHEMA } from "./sqlite-schema.js";
import { createSqliteSearch } from "./sqlite-search.js";
import type { Statement } from "./sqlite-statement.js";
import { type Store, StoreUnavailable } from "./store.js";

const ADD_MESSAGE = `
INSERT OR IGNORE INTO messages (id, thread_id, user_id, role, content, metadata, created_us, client_id, run_id)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM threads WHERE id = ?)`;
const OPEN_RUNS = `
SELECT messages.*, open_runs.weight FROM open_runs JOIN messages ON messages.id = open_runs.message_id
WHERE open_runs.owner = ? ORDER BY messages.created_us, messages.id`;
const PUT_FACT = `
INSERT INTO facts (thread_id, subject, value, previous) VALUES (?, ?, ?, NULL)
ON CONFLICT (thread_id, subject) DO UPDATE SET previous = value, value = excluded.value WHERE value <> excluded.value`;

/** Opens (and creates) the file. Throws when it cannot be opened or is no database. */
export function openSqliteStore(path: string, durable: boolean): Store {
  const database = new Database(path);
  for (const pragma of pragmas(durable)) database.exec(pragma);
  database.exec(SCHEMA);
  // A temporary file is known to nobody who could lock it.
  const write = durable
    ? (work: () => number): number => alone(database, work)
    : (work: () => number) => work();
  const prepare = (sql: string): Statement => prepared(database, sql, write);
  return {
    ...accountStatements(prepare),
    ...threadStatements(prepare),
    ...messageStatements(prepare),
    ...createSqliteSearch(prepare),
    ...factStatements(prepare),
    ...runStatements(prepare),
    async check() {
      prepare("SELECT 1 AS one")().get();
    },
    async close() {
      database.close();
    },
  };
}

/**
 * A statement that finds the file locked stays half-begun in libsql, and what other statements write meanwhile is lost
 * with it, although they say that it is done. So the lock is taken first, by what leaves nothing behind.
 */
function alone(database: Database.Database, work: () => number): number {
  database.exec("BEGIN IMMEDIATE");
  try {
    const changes = work();
    database.exec("COMMIT");
    return changes;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function prepared(
  database: Database.Database,
  sql: string,
  write: (work: () => number) => number,
): Statement {
  const statement = database.prepare(sql);
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new StoreUnavailable("the database refused a statement", { cause: error });
    }
  };
  return (...params) => ({
    all: () => guard(() => statement.all(...params).map(cleanRow)),
    get: () => guard(() => statement.get(...params) as Record<string, unknown> | undefined),
    run: () => guard(() => write(() => statement.run(...params).changes)),
  });
}

type Prepare = (sql: string) => Statement;

function accountStatements(prepare: Prepare) {
  const add = prepare(
    "INSERT OR IGNORE INTO users (id, email, name, org, password_hash) VALUES (?, ?, ?, ?, ?)",
  );
  const byEmail = prepare("SELECT * FROM users WHERE email = ?");
  const byId = prepare("SELECT * FROM users WHERE id = ?");
  const addToken = prepare("INSERT INTO refresh_tokens (hash, user_id, expires_us) VALUES (?, ?, ?)");
  const readToken = prepare("SELECT user_id, expires_us FROM refresh_tokens WHERE hash = ?");
  const dropToken = prepare("DELETE FROM refresh_tokens WHERE hash = ?");
  return {
    addUser: async (user) => add(user.id, user.email, user.name, user.org, user.passwordHash).run() === 1,
    userByEmail: async (email) => userFrom(byEmail(email).get()),
    userById: async (id) => userFrom(byId(id).get()),
    addRefreshToken: async (hash, userId, expiresUs) => {
      addToken(hash, userId, expiresUs).run();
    },
    takeRefreshToken: async (hash, nowUs) => {
      const row = readToken(hash).get();
      if (!row || dropToken(hash).run() !== 1) return undefined;
      return Number(row.expires_us) > nowUs ? String(row.user_id) : undefined;
    },
  } satisfies Partial<Store>;
}

function threadStatements(prepare: Prepare) {
  const add = prepare(
    "INSERT INTO threads (id, user_id, title, metadata, created_us) VALUES (?, ?, ?, ?, ?)",
  );
  const one = prepare("SELECT * FROM threads WHERE id = ?");
  const ofUser = prepare(
    "SELECT * FROM threads WHERE user_id = ? ORDER BY created_us DESC, id DESC LIMIT ? OFFSET ?",
  );
  const foreign = prepare("SELECT * FROM threads WHERE user_id <> ? ORDER BY created_us DESC LIMIT 1");
  const dropThread = prepare("DELETE FROM threads WHERE id = ?");
  const dropFacts = prepare("DELETE FROM facts WHERE thread_id = ?");
  const dropMessages = prepare("DELETE FROM messages WHERE thread_id = ?");
  return {
    addThread: async (thread) => {
      add(thread.id, thread.userId, thread.title, JSON.stringify(thread.metadata), thread.createdUs).run();
    },
    thread: async (id) => threadFrom(one(id).get()),
    threadsOf: async (userId, limit, offset) =>
      ofUser(userId, limit, offset)
        .all()
        .flatMap((row) => threadFrom(row) ?? []),
    foreignThread: async (userId) => threadFrom(foreign(userId).get()),
    deleteThread: async (id, keepMessages = false) => {
      dropThread(id).run();
      dropFacts(id).run();
      if (!keepMessages) dropMessages(id).run();
    },
  } satisfies Partial<Store>;
}

function messageStatements(prepare: Prepare) {
  const add = prepare(ADD_MESSAGE);
  const one = prepare("SELECT * FROM messages WHERE id = ?");
  const remove = prepare("DELETE FROM messages WHERE id = ?");
  const byClientId = prepare("SELECT * FROM messages WHERE user_id = ? AND client_id = ?");
  return {
    addMessage: async (m) => {
      const { id, threadId, userId, role, content, createdUs, clientId, runId } = m;
      const metadata = JSON.stringify(m.metadata);
      const columns = [id, threadId, userId, role, content, metadata, createdUs, clientId ?? null, runId];
      // The same row once more, as after a restart, was stored the first time.
      return add(...columns, threadId).run() === 1 || one(id).get() !== undefined;
    },
    message: async (id) => messageFrom(one(id).get()),
    removeMessage: async (id) => {
      remove(id).run();
    },
    messageByClientId: async (userId, clientId) => messageFrom(byClientId(userId, clientId).get()),
  } satisfies Partial<Store>;
}

function runStatements(prepare: Prepare) {
  const add = prepare("INSERT INTO open_runs (run_id, owner, message_id, weight) VALUES (?, ?, ?, ?)");
  const remove = prepare("DELETE FROM open_runs WHERE run_id = ?");
  const left = prepare(OPEN_RUNS);
  const ask = prepare("INSERT OR REPLACE INTO open_asks VALUES (?, ?, ?)");
  const asks = prepare("SELECT ask_id, decision FROM open_asks WHERE run_id = ?");
  const forget = prepare("DELETE FROM open_asks WHERE run_id = ?");
  return {
    addOpenRun: async ({ runId, owner, messageId, weight }) => {
      add(runId, owner, messageId, weight).run();
    },
    removeOpenRun: async (runId) => {
      remove(runId).run();
      forget(runId).run();
    },
    putAsk: async (runId, askId, decision) => {
      ask(runId, askId, decision).run();
    },
    asksOf: async (runId) => asks(runId).all().map(askFrom),
    openRuns: async (owner) => left(owner).all().map(openRunFrom),
  } satisfies Partial<Store>;
}

function factStatements(prepare: Prepare) {
  const ofThread = prepare("SELECT subject, value, previous FROM facts WHERE thread_id = ? ORDER BY subject");
  const put = prepare(PUT_FACT);
  const elsewhere = prepare(
    "SELECT subject, value, previous FROM facts WHERE subject = ? AND thread_id <> ? LIMIT 1",
  );
  return {
    factsOf: async (threadId) => ofThread(threadId).all().map(factFrom),
    putFact: async (threadId, subject, value) => {
      put(threadId, subject, value).run();
    },
    factElsewhere: async (threadId, subject) => {
      const row = elsewhere(subject, threadId).get();
      return row && factFrom(row);
    },
  } satisfies Partial<Store>;
}
