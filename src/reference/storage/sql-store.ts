// The store on a SQL database: the same statements for PostgreSQL and SQLite.
import {
  askFrom,
  factFrom,
  messageFrom,
  messageOf,
  openRunFrom,
  type Row,
  threadFrom,
  userFrom,
} from "./rows.js";
import { likePattern, type MessageSearch, type SortOrder, type Store } from "./store.js";

export type Param = string | number | null;

/** Runs statements in PostgreSQL's dialect. Whatever fails rejects with `StoreUnavailable`. */
export interface Sql {
  all(sql: string, ...params: Param[]): Promise<Row[]>;
  /** The first row. */
  get(sql: string, ...params: Param[]): Promise<Row | undefined>;
  /** Number of rows changed. */
  run(sql: string, ...params: Param[]): Promise<number>;
  close(): Promise<void>;
}

const ADD_MESSAGE = `
INSERT INTO messages (id, thread_id, user_id, role, content, metadata, created_us, client_id, run_id)
SELECT $1, $2, $3, $4, $5, $6::jsonb, $7::bigint, $8, $9 WHERE EXISTS (SELECT 1 FROM threads WHERE id = $2)
ON CONFLICT DO NOTHING`;
const OPEN_RUNS = `
SELECT messages.*, open_runs.weight FROM open_runs JOIN messages ON messages.id = open_runs.message_id
WHERE open_runs.owner = $1 ORDER BY messages.created_us, messages.id`;
const PUT_ASK = `
INSERT INTO open_asks VALUES ($1, $2, $3) ON CONFLICT (run_id, ask_id) DO UPDATE SET decision = excluded.decision`;
const PUT_FACT = `
INSERT INTO facts (thread_id, subject, value, previous) VALUES ($1, $2, $3, NULL)
ON CONFLICT (thread_id, subject) DO UPDATE SET previous = facts.value, value = excluded.value
WHERE facts.value <> excluded.value`;
const CONTAINS = "content ILIKE $2 ESCAPE '\\'";

/** Every call resolves after the commit. */
export function createSqlStore(sql: Sql): Store {
  return {
    ...accountStatements(sql),
    ...threadStatements(sql),
    ...messageStatements(sql),
    ...searchStatements(sql),
    ...factStatements(sql),
    ...runStatements(sql),
    async check() {
      await sql.get("SELECT 1");
    },
    close: () => sql.close(),
  };
}

function accountStatements(sql: Sql) {
  return {
    addUser: async (user) =>
      (await sql.run(
        "INSERT INTO users (id, email, name, org, password_hash) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        ...[user.id, user.email, user.name, user.org, user.passwordHash],
      )) === 1,
    userByEmail: async (email) => userFrom(await sql.get("SELECT * FROM users WHERE email = $1", email)),
    userById: async (id) => userFrom(await sql.get("SELECT * FROM users WHERE id = $1", id)),
    addRefreshToken: async (hash, userId, expiresUs) => {
      await sql.run("INSERT INTO refresh_tokens VALUES ($1, $2, $3)", hash, userId, expiresUs);
    },
    takeRefreshToken: async (hash, nowUs) => {
      const row = await sql.get("SELECT user_id, expires_us FROM refresh_tokens WHERE hash = $1", hash);
      // If two take it at once, only one deletes it.
      if (!row || (await sql.run("DELETE FROM refresh_tokens WHERE hash = $1", hash)) !== 1) return undefined;
      return Number(row.expires_us) > nowUs ? String(row.user_id) : undefined;
    },
  } satisfies Partial<Store>;
}

function threadStatements(sql: Sql) {
  const ofUser =
    "SELECT * FROM threads WHERE user_id = $1 ORDER BY created_us DESC, id DESC LIMIT $2 OFFSET $3";
  const foreign = "SELECT * FROM threads WHERE user_id <> $1 ORDER BY created_us DESC LIMIT 1";
  return {
    addThread: async (thread) => {
      await sql.run(
        "INSERT INTO threads (id, user_id, title, metadata, created_us) VALUES ($1, $2, $3, $4, $5)",
        ...[thread.id, thread.userId, thread.title, JSON.stringify(thread.metadata), thread.createdUs],
      );
    },
    thread: async (id) => threadFrom(await sql.get("SELECT * FROM threads WHERE id = $1", id)),
    threadsOf: async (userId, limit, offset) =>
      (await sql.all(ofUser, userId, limit, offset)).flatMap((row) => threadFrom(row) ?? []),
    foreignThread: async (userId) => threadFrom(await sql.get(foreign, userId)),
    deleteThread: async (id, keepMessages = false) => {
      const messages = keepMessages ? [] : ["messages WHERE thread_id"];
      for (const where of ["threads WHERE id", "facts WHERE thread_id", ...messages])
        await sql.run(`DELETE FROM ${where} = $1`, id);
    },
  } satisfies Partial<Store>;
}

function messageStatements(sql: Sql) {
  return {
    addMessage: async (m) => {
      const added = await sql.run(
        ADD_MESSAGE,
        ...[m.id, m.threadId, m.userId, m.role, m.content, JSON.stringify(m.metadata), m.createdUs],
        ...[m.clientId ?? null, m.runId],
      );
      // After a restart or a broken connection the same row is tried again: the first attempt may have stored it.
      return added === 1 || (await sql.get("SELECT 1 FROM messages WHERE id = $1", m.id)) !== undefined;
    },
    message: async (id) => messageFrom(await sql.get("SELECT * FROM messages WHERE id = $1", id)),
    removeMessage: async (id) => {
      await sql.run("DELETE FROM messages WHERE id = $1", id);
    },
    messageByClientId: async (userId, clientId) =>
      messageFrom(
        await sql.get("SELECT * FROM messages WHERE user_id = $1 AND client_id = $2", userId, clientId),
      ),
  } satisfies Partial<Store>;
}

const DIRECTION = { asc: "ASC", desc: "DESC" } as const satisfies Record<SortOrder, string>;

function searchStatements(sql: Sql) {
  const page = async (where: string, params: string[], order: SortOrder, limit: number, offset: number) => {
    const by = `created_us ${DIRECTION[order]}, id ${DIRECTION[order]}`;
    const [size, skip] = [`$${params.length + 1}`, `$${params.length + 2}`];
    const text = `SELECT * FROM messages WHERE ${where} ORDER BY ${by} LIMIT ${size} OFFSET ${skip}`;
    const rows = (await sql.all(text, ...params, limit, offset)).map(messageOf);
    // A page that is not full is the last one, which gives the total without a second scan.
    if (rows.length < limit && (rows.length > 0 || offset === 0))
      return { rows, total: offset + rows.length };
    const counted = await sql.get(`SELECT count(*) AS total FROM messages WHERE ${where}`, ...params);
    return { rows, total: Number(counted?.total ?? 0) };
  };
  const recent = "SELECT * FROM messages WHERE thread_id = $1 ORDER BY created_us DESC, id DESC LIMIT $2";
  const anyForeign = "SELECT * FROM messages WHERE user_id <> $1 LIMIT 1";
  const likeForeign = `SELECT * FROM messages WHERE user_id <> $1 AND ${CONTAINS} LIMIT 1`;
  return {
    recentMessages: async (threadId, limit) =>
      (await sql.all(recent, threadId, limit)).map(messageOf).reverse(),
    messagesOf: (threadId, limit, offset, order) => page("thread_id = $1", [threadId], order, limit, offset),
    search: (query) => {
      const { where, params } = conditions(query);
      return page(where, params, query.order, query.limit, query.offset);
    },
    foreignMessage: async (userId, text) =>
      messageFrom(
        (text && (await sql.get(likeForeign, userId, likePattern(text)))) ||
          (await sql.get(anyForeign, userId)),
      ),
  } satisfies Partial<Store>;
}

function conditions(query: MessageSearch): { where: string; params: string[] } {
  const where = ["user_id = $1"];
  const params = [query.userId];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    params.push(value);
    where.push(condition.replace("$2", `$${params.length}`));
  };
  add("thread_id = $2", query.threadId);
  add("role = $2", query.role);
  add(CONTAINS, query.text === undefined ? undefined : likePattern(query.text));
  return { where: where.join(" AND "), params };
}

function runStatements(sql: Sql) {
  return {
    addOpenRun: async ({ runId, owner, messageId, weight }) => {
      await sql.run(
        "INSERT INTO open_runs (run_id, owner, message_id, weight) VALUES ($1, $2, $3, $4)",
        ...[runId, owner, messageId, weight],
      );
    },
    removeOpenRun: async (runId) => {
      await sql.run("DELETE FROM open_runs WHERE run_id = $1", runId);
      await sql.run("DELETE FROM open_asks WHERE run_id = $1", runId);
    },
    putAsk: async (runId, askId, decision) => {
      await sql.run(PUT_ASK, runId, askId, decision);
    },
    asksOf: async (runId) =>
      (await sql.all("SELECT ask_id, decision FROM open_asks WHERE run_id = $1", runId)).map(askFrom),
    openRuns: async (owner) => (await sql.all(OPEN_RUNS, owner)).map(openRunFrom),
  } satisfies Partial<Store>;
}

function factStatements(sql: Sql) {
  const ofThread = "SELECT subject, value, previous FROM facts WHERE thread_id = $1 ORDER BY subject";
  const elsewhere =
    "SELECT subject, value, previous FROM facts WHERE subject = $1 AND thread_id <> $2 LIMIT 1";
  return {
    factsOf: async (threadId) => (await sql.all(ofThread, threadId)).map(factFrom),
    putFact: async (threadId, subject, value) => {
      await sql.run(PUT_FACT, threadId, subject, value);
    },
    factElsewhere: async (threadId, subject) => {
      const row = await sql.get(elsewhere, subject, threadId);
      return row && factFrom(row);
    },
  } satisfies Partial<Store>;
}
