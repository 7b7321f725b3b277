// Pages of a thread's messages, and the search over a user's own messages, on SQLite.
import { messageFrom, messageOf } from "./rows.js";
import type { Statement } from "./sqlite-statement.js";
import { likePattern, type MessageSearch, type SortOrder, type Store } from "./store.js";

const DIRECTION = { asc: "ASC", desc: "DESC" } as const satisfies Record<SortOrder, string>;

export function createSqliteSearch(prepare: (sql: string) => Statement) {
  const cache = new Map<string, Statement>();
  const statement = (sql: string): Statement => {
    const known = cache.get(sql);
    if (known) return known;
    const fresh = prepare(sql);
    cache.set(sql, fresh);
    return fresh;
  };
  const page = (
    where: string,
    params: (string | number)[],
    order: SortOrder,
    limit: number,
    offset: number,
  ) => {
    const direction = DIRECTION[order];
    const sql = `SELECT * FROM messages WHERE ${where} ORDER BY created_us ${direction}, id ${direction} LIMIT ? OFFSET ?`;
    const rows = statement(sql)(...params, limit, offset)
      .all()
      .map(messageOf);
    // A page that is not full is the last one, and tells the total without a second scan.
    if (rows.length < limit && (rows.length > 0 || offset === 0))
      return { rows, total: offset + rows.length };
    const counted = statement(`SELECT count(*) AS total FROM messages WHERE ${where}`)(...params).get();
    return { rows, total: Number(counted?.total ?? 0) };
  };
  const anyForeign = prepare("SELECT * FROM messages WHERE user_id <> ? LIMIT 1");
  const likeForeign = prepare(
    "SELECT * FROM messages WHERE user_id <> ? AND content LIKE ? ESCAPE '\\' LIMIT 1",
  );
  const recent = prepare(
    "SELECT * FROM messages WHERE thread_id = ? ORDER BY created_us DESC, id DESC LIMIT ?",
  );
  return {
    recentMessages: async (threadId, limit) => recent(threadId, limit).all().map(messageOf).reverse(),
    messagesOf: async (threadId, limit, offset, order) =>
      page("thread_id = ?", [threadId], order, limit, offset),
    search: async (query) => {
      const { where, params } = conditions(query);
      return page(where, params, query.order, query.limit, query.offset);
    },
    foreignMessage: async (userId, text) =>
      messageFrom((text && likeForeign(userId, likePattern(text)).get()) || anyForeign(userId).get()),
  } satisfies Partial<Store>;
}

function conditions(query: MessageSearch): { where: string; params: string[] } {
  const where = ["user_id = ?"];
  const params = [query.userId];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    where.push(condition);
    params.push(value);
  };
  add("thread_id = ?", query.threadId);
  add("role = ?", query.role);
  add("content LIKE ? ESCAPE '\\'", query.text === undefined ? undefined : likePattern(query.text));
  return { where: where.join(" AND "), params };
}
