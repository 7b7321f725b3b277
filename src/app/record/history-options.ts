// How the client read a conversation back: the request whose response has the user's messages, and where its rows are.
import { parsedJson } from "../../profiles/generic/language/json-path.js";
import { type Data, filled, inJson, isIdLike, leavesOf, literal } from "./leaves.js";
import type { Notes } from "./notes.js";
import type { Exchange, Recording } from "./recording.js";
import type { RecordedTurns } from "./turns.js";

const LIMIT = /^(limit|take|size|page_?size|per_?page|count|top|n)$/i;
const OFFSET = /^(offset|skip|start|from)$/i;
const PAGE = /^page(_?(no|number))?$/i;
const ORDER = /^(order|sort|direction|dir)$/i;

export function describeHistory(
  recording: Recording,
  found: RecordedTurns,
  threadId: string | undefined,
  notes: Notes,
): Data {
  const [first] = found.turns;
  if (!first) return {};
  const asked = recording.exchanges.filter(
    (exchange) =>
      exchange.method === "GET" &&
      exchange.atUs > first.atUs &&
      (exchange.answer() ?? "").includes(inJson(first.text)),
  );
  for (const exchange of asked.reverse()) {
    const history = historyOf(exchange, found, threadId);
    if (!history) continue;
    if (history.paging === "none")
      notes.add("history", "no paging was seen: all rows are taken to come at once");
    return { history };
  }
  notes.add(
    "history",
    "no request was seen that reads the conversation back: without one the check history is off. Open the conversation again (reload the page) while the recorder runs to have it",
  );
  return {};
}

interface Rows {
  readonly path: string;
  readonly items: readonly unknown[];
}

/** The innermost list with the messages in its items. */
function listsIn(data: unknown, words: string): Rows | undefined {
  const walk = (value: unknown, path: string, depth: number): Rows | undefined => {
    if (depth > 6 || typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value))
      return value.some((item) => holds(item, words)) ? { path, items: value } : undefined;
    for (const [key, held] of Object.entries(value)) {
      const found = walk(held, path === "" ? key : `${path}.${key}`, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  return walk(data, "", 0);
}

function holds(item: unknown, words: string): boolean {
  return leavesOf(item).some(({ value }) => typeof value === "string" && value.includes(words));
}

/** Where the user's own message is: an answer may quote it. */
function placeOf(items: readonly unknown[], words: string): number {
  const own = items.findIndex((item) =>
    leavesOf(item).some(({ value }) => typeof value === "string" && value.trim() === words),
  );
  return own >= 0 ? own : items.findIndex((item) => holds(item, words));
}

function historyOf(
  exchange: Exchange,
  { turns }: RecordedTurns,
  threadId: string | undefined,
): (Data & { readonly paging: string }) | undefined {
  const [first, second] = turns;
  const rows = listsIn(parsedJson(exchange.answer() ?? ""), first?.text ?? "");
  if (!rows || !first) return undefined;
  const { items } = rows;
  const at = placeOf(items, first.text);
  const user = items[at];
  // The neighbour that is not the user's own: before or after it, depending on the sort order.
  const later = second ? placeOf(items, second.text) : -1;
  const newestFirst = later >= 0 && later < at;
  const answer = items[newestFirst ? at - 1 : at + 1];
  const text = leavesOf(user).find(({ value }) => typeof value === "string" && value.includes(first.text));
  if (!text || answer === undefined) return undefined;
  const role = leavesOf(user).find(({ path, key, value }) => {
    const other = leavesOf(answer).find((leaf) => leaf.path === path)?.value;
    return (
      path !== text.path &&
      typeof value === "string" &&
      typeof other === "string" &&
      value !== other &&
      value.length < 30 &&
      /role|author|sender|from|type|who|by|kind/i.test(key)
    );
  });
  const other = role && leavesOf(answer).find(({ path }) => path === role.path)?.value;
  if (!role || typeof other !== "string") return undefined;
  const id = leavesOf(user).find(({ key, value }) => /(^|_)(id|uuid|no|key)$/i.test(key) && isIdLike(value));
  const total = leavesOf(parsedJson(exchange.answer() ?? "")).find(
    ({ key, value }) => /total|count/i.test(key) && value === items.length,
  );
  const paged = queryOf(exchange.query, threadId, true);
  const sorts = JSON.stringify(paged).includes("{order}");
  const pages = JSON.stringify(paged).includes("{limit}") && (sorts || (total !== undefined && !newestFirst));
  const query = pages ? paged : queryOf(exchange.query, threadId, false);
  const path = exchange.path
    .split("/")
    .map((part) => (part !== "" && part === threadId ? "{threadId}" : literal(part)))
    .join("/");
  return {
    request: filled({ path, query }),
    ...filled({ rows: rows.path || undefined, total: total?.path }),
    paging: pages ? (sorts ? "server" : "oldest-first") : "none",
    ...filled({ sorted: !pages && newestFirst && "newest-first" }),
    row: filled({ id: id?.path, role: role.path, text: text.path }),
    roles: { [String(role.value)]: "user", [other]: "assistant" },
  };
}

function queryOf(
  query: Readonly<Record<string, string>>,
  threadId: string | undefined,
  pages: boolean,
): Readonly<Record<string, string>> {
  // Pages can only be requested with a limit and a start.
  const paged =
    pages &&
    Object.keys(query).some((name) => LIMIT.test(name)) &&
    Object.keys(query).some((name) => OFFSET.test(name) || PAGE.test(name));
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (value === threadId) return [name, "{threadId}"];
      if (paged && LIMIT.test(name)) return [name, "{limit}"];
      if (paged && OFFSET.test(name)) return [name, "{offset}"];
      if (paged && PAGE.test(name)) return [name, "{page}"];
      if (paged && ORDER.test(name) && /^(asc|desc)$/.test(value)) return [name, "{order}"];
      return [name, literal(value)];
    }),
  );
}
