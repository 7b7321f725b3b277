// Rows of histories and searches: finds them in an answer, reads them by path, and cuts pages if the service does not.
import { tooManyRows } from "../../failure.js";
import { type HistoryPage, type HistoryRow, MAX_PAGE_ROWS } from "../../profile.js";
import { idOf, textOf } from "../../values.js";
import { compilePath, type FrameView, firstOf, type Getter, parsedJson } from "../language/json-path.js";
import { compileCondition } from "../language/predicate.js";
import type { PageSpec } from "../schema/storage.js";
import { type Order, ownOrder } from "./own-order.js";

/** The requested rows of an answer. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
  readonly order: Order;
}

/** @returns the page in an answer's body, or what is wrong with the body */
export type PageReader = (body: string, slice: Slice) => HistoryPage | string;

export function compilePage(spec: PageSpec): PageReader {
  const list = spec.rows.length === 0 ? (view: FrameView) => view.root : getter(spec.rows);
  const total = getter(spec.total);
  const row = compileRow(spec);
  return (body, { limit, offset, order }) => {
    const view: FrameView = { root: parsedJson(body), frame: body, label: undefined };
    const found = list(view);
    if (!Array.isArray(found)) return `no rows at ${spec.rows.join(", ") || "the answer itself"}`;
    if (found.length > MAX_PAGE_ROWS) return tooManyRows(found.length);
    const reported = total(view);
    const count = Number.isSafeInteger(reported) && Number(reported) >= 0 ? Number(reported) : undefined;
    const read = found.map(row);
    if (spec.sorted === "newest-first") read.reverse();
    const rows = spec.join ? joined(read) : read;
    if (order === "desc" && spec.paging !== "server") rows.reverse();
    if (spec.paging !== "none") return { rows, total: count };
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  };
}

/** @returns a function that finds the order of an answer's rows: see {@link ownOrder} */
export function compileOrder(spec: PageSpec): (body: string, whole: boolean) => Order | undefined {
  const list = spec.rows.length === 0 ? (view: FrameView) => view.root : getter(spec.rows);
  const row = compileRow(spec);
  return (body, whole) => {
    const found = list({ root: parsedJson(body), frame: body, label: undefined });
    return Array.isArray(found) && found.length <= MAX_PAGE_ROWS
      ? ownOrder(found, found.map(row), whole)
      : undefined;
  };
}

/**
 * Rows, oldest first, with the assistant's rows of each turn joined: the message that calls tools, and the answer. A
 * repeated text stays two rows, because it was stored twice. Rows without text are not answers.
 */
function joined(rows: readonly HistoryRow[]): HistoryRow[] {
  const made: HistoryRow[] = [];
  let answer: { readonly at: number; readonly parts: Set<string> } | undefined;
  for (const row of rows) {
    if (row.role === "user") answer = undefined;
    if (row.role !== "assistant") {
      made.push(row);
    } else if (row.text === "") {
      made.push({ ...row, role: "other" });
    } else if (!answer || answer.parts.has(row.text)) {
      answer ??= { at: made.length, parts: new Set([row.text]) };
      made.push(row);
    } else {
      const before = made[answer.at];
      answer.parts.add(row.text);
      if (before)
        made[answer.at] = { ...row, text: before.text + row.text, links: [...before.links, ...row.links] };
    }
  }
  return made;
}

/** Stands for a row that is not a message: pages are counted in rows, so it keeps its place. */
const NO_MESSAGE: HistoryRow = { id: "", role: "other", text: "", links: [] };

function compileRow({ row, roles, where }: PageSpec): (value: unknown) => HistoryRow {
  const isMessage = where && compileCondition(where);
  const [id, role, text, thread] = [getter(row.id), getter(row.role), getter(row.text), getter(row.thread)];
  const links = row.links.map(compilePath);
  const known = new Map(Object.entries(roles));
  const roleOf = (name: string): HistoryRow["role"] =>
    known.get(name) ?? known.get(name.toLowerCase()) ?? "other";
  return (value) => {
    const view: FrameView = { root: value, frame: "", label: undefined };
    if (isMessage && !isMessage(view)) return { ...NO_MESSAGE, id: idOf(id(view)) ?? "" };
    const threadId = idOf(thread(view));
    return {
      id: idOf(id(view)) ?? "",
      role: roleOf(String(role(view))),
      text: textOf(text(view), 0) ?? "",
      links: links.map((link) => idOf(link(view))).filter((link) => link !== undefined),
      ...(threadId === undefined ? {} : { threadId }),
    };
  };
}

/** Ids of a list in an answer; `undefined` if there is no list. */
export function idsIn(
  body: string,
  rows: readonly string[],
  ids: readonly string[],
): readonly string[] | undefined {
  const view: FrameView = { root: parsedJson(body), frame: body, label: undefined };
  const found = rows.length === 0 ? view.root : getter(rows)(view);
  if (!Array.isArray(found) || found.length > MAX_PAGE_ROWS) return undefined;
  const id = getter(ids);
  return found
    .map((item: unknown) => idOf(id({ root: item, frame: "", label: undefined })))
    .filter((one) => one !== undefined);
}

/** The value at one of these paths of an answer, as an id. */
export function idIn(body: string, paths: readonly string[]): string | undefined {
  return idOf(getter(paths)({ root: parsedJson(body), frame: body, label: undefined }));
}

function getter(paths: readonly string[]): Getter {
  return firstOf(paths.map(compilePath));
}
