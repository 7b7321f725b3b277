// The HTTP half of the golden-path contract: log in, threads, history.
import { defined } from "../../support/defined.js";
import { isObject, jsonOrNothing, parseJson } from "../../support/json.js";
import type { HttpAnswer, HttpClient } from "../../wire/http/http.js";
import { failureOf, tooManyRows } from "../failure.js";
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

/** The account is there already. */
const KNOWN = [409];

type Json = Readonly<Record<string, unknown>>;

/** Base URLs without a trailing slash; `authUrl` is where log-in lives when it is another host. */
export interface Bases {
  readonly url: string;
  readonly authUrl: string;
}

/** What of the protocol is plain requests. */
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
      const url = bases.url + paths.threads;
      const answer = await http.request({ method: "POST", url, headers: bearer(session), json: { title } });
      const body = answer.ok ? parse(answer.body) : undefined;
      const id = body?.id ?? body?.thread_id;
      if (typeof id !== "string" && typeof id !== "number")
        return failureOf(answer, "no thread id in the answer");
      return { ok: true, doneUs: answer.doneUs, threadId: String(id) };
    },
    async listThreads(session) {
      const url = `${bases.url}${paths.threads}?limit=20&offset=0`;
      const answer = await http.request({ method: "GET", url, headers: bearer(session) });
      const page = answer.ok ? pageFrom(parse(answer.body), "threads") : "";
      if (typeof page === "string") return failureOf(answer, page);
      return { ok: true, doneUs: answer.doneUs, threadIds: page.rows.map(({ id }) => id) };
    },
    async importMessages(session, threadId, messages) {
      const url = bases.url + paths.import.replace("{id}", encodeURIComponent(threadId));
      const json = { messages: messages.map(({ role, text }) => ({ role, content: text })) };
      const answer = await http.request({ method: "POST", url, headers: bearer(session), json });
      return answer.ok ? { ok: true, doneUs: answer.doneUs } : failureOf(answer, "");
    },
    async deleteThread(session, threadId) {
      const url = `${bases.url}${paths.threads}/${encodeURIComponent(threadId)}`;
      const answer = await http.request({ method: "DELETE", url, headers: bearer(session) });
      return answer.ok ? { ok: true, doneUs: answer.doneUs } : failureOf(answer, "");
    },
    async history(session, threadId, { limit, offset, order, traceparent }) {
      const path = paths.messages.replace("{id}", encodeURIComponent(threadId));
      const url = `${bases.url}${path}?limit=${limit}&offset=${offset}&order=${order}`;
      const headers = { ...defined({ traceparent }), ...bearer(session) };
      const answer = await http.request({ method: "GET", url, headers });
      return pageAnswer(answer, "messages");
    },
    async search(session, query) {
      const url = `${bases.url}${paths.history}?${searchParams(query)}`;
      const answer = await http.request({ method: "GET", url, headers: bearer(session) });
      return pageAnswer(answer, "hits");
    },
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

function pageAnswer(answer: HttpAnswer, what: string): Answer<{ readonly page: HistoryPage }> {
  const page = answer.ok ? pageFrom(parse(answer.body), what) : "";
  return typeof page === "string" ? failureOf(answer, page) : { ok: true, doneUs: answer.doneUs, page };
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
