// The HTTP half of the golden-path contract: log in, threads, history.
import { defined } from "../../support/defined.js";
import { isObject, jsonOrNothing, parseJson } from "../../support/json.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../wire/http/http.js";
import { doneBy, failureOf, paged, tooManyRows } from "../failure.js";
import {
  type Answer,
  type HistoryPage,
  type HistoryRow,
  MAX_PAGE_ROWS,
  type Protocol,
  type SearchQuery,
  type Session,
} from "../profile.js";
import { afterRegistration } from "../registration.js";
import { expiryOf, idOf, textOf } from "../values.js";
import type { GoldenPathOptions } from "./options.js";

/** The account already exists. */
const KNOWN = [409];

type Json = Readonly<Record<string, unknown>>;

/** Base URLs without a trailing slash; `authUrl` is the login's, if it is on another host. */
export interface Bases {
  readonly url: string;
  readonly authUrl: string;
}

/** The part of the protocol that consists of plain requests. */
export type Rest = Required<
  Pick<
    Protocol,
    | "login"
    | "loginBriefly"
    | "refresh"
    | "createThread"
    | "listThreads"
    | "importMessages"
    | "deleteThread"
    | "history"
    | "search"
  >
>;

export function goldenPathRest(bases: Bases, options: GoldenPathOptions, http: HttpClient): Rest {
  const { paths } = options;
  const bearer = ({ token }: Session): Record<string, string> =>
    token === "" ? {} : { authorization: `Bearer ${token}` };
  const ask = (
    method: "GET" | "POST" | "DELETE",
    path: string,
    session: Session,
    more: Pick<HttpRequest, "json" | "headers"> = {},
  ): Promise<HttpAnswer> => {
    const headers = { ...more.headers, ...bearer(session) };
    return http.request({ method, url: bases.url + path, ...more, headers });
  };
  const at = (path: string, threadId: string): string => path.replace("{id}", encodeURIComponent(threadId));
  const post = (path: string, json: unknown): Promise<HttpAnswer> =>
    http.request({ method: "POST", url: bases.authUrl + path, json });
  const authenticate = async (path: string, json: unknown) => sessionFrom(await post(path, json));
  return {
    async login({ email, password }, register) {
      const logIn = () => authenticate(paths.login, { email, password });
      if (!register) return logIn();
      const made = await post(paths.register, { email, password, name: email.split("@")[0] });
      const answer = sessionFrom(made);
      return answer.ok ? answer : afterRegistration(made, bases.authUrl, KNOWN, logIn);
    },
    loginBriefly: ({ email, password }, lifeUs) =>
      authenticate(paths.login, { email, password, expires_in: Math.max(1, Math.round(lifeUs / 1_000_000)) }),
    refresh: (session) => authenticate(paths.refresh, { refresh_token: session.refreshToken }),
    async createThread(session, title) {
      const answer = await ask("POST", paths.threads, session, { json: { title } });
      const body = answer.ok ? parse(answer.body) : undefined;
      const id = body?.id ?? body?.thread_id;
      if (typeof id !== "string" && typeof id !== "number")
        return failureOf(answer, "no thread id in the answer");
      return { ok: true, doneUs: answer.doneUs, threadId: String(id) };
    },
    async listThreads(session) {
      const read = readPage(await ask("GET", `${paths.threads}?limit=20&offset=0`, session), "threads");
      return read.ok ? { ...read, threadIds: read.page.rows.map(({ id }) => id) } : read;
    },
    async importMessages(session, threadId, messages) {
      const json = { messages: messages.map(({ role, text }) => ({ role, content: text })) };
      return doneBy(await ask("POST", at(paths.import, threadId), session, { json }));
    },
    deleteThread: async (session, threadId) =>
      doneBy(await ask("DELETE", at(`${paths.threads}/{id}`, threadId), session)),
    async history(session, threadId, { limit, offset, order, traceparent }) {
      const path = `${at(paths.messages, threadId)}?limit=${limit}&offset=${offset}&order=${order}`;
      return readPage(await ask("GET", path, session, { headers: defined({ traceparent }) }), "messages");
    },
    search: async (session, query) =>
      readPage(await ask("GET", `${paths.history}?${searchParams(query)}`, session), "hits"),
  };
}

function sessionFrom(answer: HttpAnswer): Answer<{ readonly session: Session }> {
  const body = answer.ok ? parse(answer.body) : undefined;
  const token = body?.access_token ?? body?.token;
  if (typeof token !== "string" || token === "") return failureOf(answer, "no access_token in the answer");
  const user = body?.user;
  const userId = isObject(user) ? user.id : body?.user_id;
  const refresh = body?.refresh_token;
  const session = {
    token,
    refreshToken: typeof refresh === "string" ? refresh : undefined,
    userId: typeof userId === "string" || typeof userId === "number" ? String(userId) : undefined,
    ...expiryOf(token, answer.doneUs, body?.expires_in),
  };
  return { ok: true, doneUs: answer.doneUs, session };
}

function searchParams({ text, threadId, role, limit, offset }: SearchQuery): URLSearchParams {
  return new URLSearchParams({
    ...(text === "" ? {} : { content_search: text }),
    ...defined({ thread_id: threadId, role }),
    limit: String(limit),
    offset: String(offset),
  });
}

function readPage(answer: HttpAnswer, what: string): Answer<{ readonly page: HistoryPage }> {
  return paged(answer, (body) => pageFrom(parse(body), what));
}

/** @returns the page, or what is wrong with the answer */
function pageFrom(body: Json | undefined, what: string): HistoryPage | string {
  const list = body?.messages ?? body?.history ?? body?.threads ?? body?.items;
  if (!Array.isArray(list)) return `no ${what} in the answer`;
  if (list.length > MAX_PAGE_ROWS) return tooManyRows(list.length);
  const pagination = body?.pagination;
  const total = body?.total ?? (isObject(pagination) ? pagination.total : undefined);
  return { rows: list.map(rowFrom), total: typeof total === "number" ? total : undefined };
}

function rowFrom(value: unknown): HistoryRow {
  const row = isObject(value) ? value : {};
  const metadata = isObject(row.metadata) ? row.metadata : {};
  const role = row.role;
  const userId = idOf(row.user_id) ?? idOf(metadata.user_id);
  const threadId = idOf(row.thread_id) ?? idOf(metadata.thread_id);
  const links: string[] = [];
  for (const place of [metadata, row]) {
    for (const key of ["run_id", "message_id", "response_to", "in_reply_to", "parent_id"]) {
      const id = idOf(place[key]);
      if (id !== undefined) links.push(id);
    }
  }
  return {
    id: String(row.id ?? ""),
    role:
      role === "user" || role === "human"
        ? "user"
        : role === "assistant" || role === "agent" || role === "ai"
          ? "assistant"
          : "other",
    text: textOf(row.content ?? row.text, 0) ?? "",
    links,
    partial: metadata.partial === true || row.partial === true,
    ...defined({ threadId, userId }),
  };
}

function parse(body: string): Json | undefined {
  const value = jsonOrNothing(body, parseJson);
  if (Array.isArray(value)) return { messages: value };
  return isObject(value) ? value : undefined;
}
