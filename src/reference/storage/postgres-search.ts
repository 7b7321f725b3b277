// Pages of a thread's messages, and the search over a user's own messages, on PostgreSQL.
import type { Sql } from "./postgres-client.js";
import { messageFrom, messageOf } from "./rows.js";
import { likePattern, type MessageSearch, type SortOrder, type Store } from "./store.js";

const DIRECTION = { asc: "ASC", desc: "DESC" } as const satisfies Record<SortOrder, string>;

export function createPostgresSearch(sql: Sql) {
  const page = async (where: string, params: string[], order: SortOrder, limit: number, offset: number) => {
    const by = `created_us ${DIRECTION[order]}, id ${DIRECTION[order]}`;
    const [size, skip] = [`$${params.length + 1}`, `$${params.length + 2}`];
    const text = `SELECT * FROM messages WHERE ${where} ORDER BY ${by} LIMIT ${size} OFFSET ${skip}`;
    const rows = (await sql.all(text, ...params, limit, offset)).map(messageOf);
    // A page that is not full is the last one, and tells the total without a second scan.
    if (rows.length < limit && (rows.length > 0 || offset === 0))
      return { rows, total: offset + rows.length };
    const counted = await sql.get(`SELECT count(*) AS total FROM messages WHERE ${where}`, ...params);
    return { rows, total: Number(counted?.total ?? 0) };
  };
  const recent = "SELECT * FROM messages WHERE thread_id = $1 ORDER BY created_us DESC, id DESC LIMIT $2";
  const anyForeign = "SELECT * FROM messages WHERE user_id <> $1 LIMIT 1";
  const likeForeign = "SELECT * FROM messages WHERE user_id <> $1 AND content ILIKE $2 LIMIT 1";
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
    where.push(`${condition} $${params.length}`);
  };
  add("thread_id =", query.threadId);
  add("role =", query.role);
  add("content ILIKE", query.text === undefined ? undefined : likePattern(query.text));
  return { where: where.join(" AND "), params };
}
