// The HTTP half of a backend of its own shape: log-in, threads, history and search, by the requests of the file.
import type { Account } from "../../scenarios/scenario.js";
import type { HttpAnswer, HttpClient } from "../../wire/http.js";
import { failureOf } from "../failure.js";
import type { Answer, Failure, HistoryPage, Protocol, Session } from "../profile.js";
import { expiryOf, idOf } from "../values.js";
import type { LoginSpec } from "./access-schema.js";
import { compilePath, firstOf, parsedJson } from "./json-path.js";
import type { GenericOptions } from "./options.js";
import { compileCarrier, compileRequest, type OpenRequest } from "./requests.js";
import { compilePage, idIn, idsIn } from "./rows.js";
import type { Values } from "./template.js";

type Rest = Pick<
  Protocol,
  "login" | "refresh" | "createThread" | "listThreads" | "deleteThread" | "history" | "search"
>;
type LoggedIn = Answer<{ readonly session: Session }>;

/** @param url, authUrl without a slash at their end */
export function genericRest(
  { url, authUrl }: { readonly url: string; readonly authUrl: string },
  options: GenericOptions,
  http: HttpClient,
): Rest {
  const carry = compileCarrier(options.carry);
  const { login, register, renew, threads, history, search } = options;
  const open = (base: string, spec: { readonly request: Parameters<typeof compileRequest>[1] } | undefined) =>
    spec && compileRequest(base, spec.request, carry);
  const [logIn, signUp, renewIt] = [open(authUrl, login), open(authUrl, register), open(authUrl, renew)];
  const [create, list, remove] = [threads.create, threads.list, threads.remove].map(
    (spec) => spec && compileRequest(url, spec, carry),
  );
  const ask = (request: OpenRequest, values: Values, session: Session | undefined): Promise<HttpAnswer> =>
    http.request(request(values, session));
  const page = pageOf(url, { history, search }, http, carry);
  return {
    async login(account, wanted) {
      if (wanted && signUp && register) {
        const made = await ask(signUp, accountValues(account), undefined);
        if (!made.ok && !register.known.includes(made.status)) return failureOf(made, "");
      }
      if (!logIn || !login) return { ok: true, doneUs: 0, session: nobody(account) };
      return sessionFrom(await ask(logIn, accountValues(account), undefined), login);
    },
    async refresh(session): Promise<LoggedIn> {
      if (!renewIt || !login) return nothing("the profile knows no way to renew a token");
      const answer = sessionFrom(await ask(renewIt, {}, session), login);
      if (!answer.ok) return answer;
      const { userId = session.userId, refreshToken = session.refreshToken } = answer.session;
      return { ...answer, session: { ...answer.session, userId, refreshToken } };
    },
    async createThread(session, title) {
      if (!create) return { ok: true, doneUs: 0, threadId: globalThis.crypto.randomUUID() };
      const answer = await ask(create, { title }, session);
      const threadId = answer.ok ? idIn(answer.body, threads.id) : undefined;
      if (threadId !== undefined) return { ok: true, doneUs: answer.doneUs, threadId };
      return failureOf(answer, `no id of a thread at ${threads.id.join(", ")} in the answer`);
    },
    async listThreads(session) {
      if (!list) return nothing("the profile knows no list of threads");
      const answer = await ask(list, {}, session);
      const threadIds = answer.ok ? idsIn(answer.body, threads.rows, threads.id) : undefined;
      return threadIds
        ? { ok: true, doneUs: answer.doneUs, threadIds }
        : failureOf(answer, "no list of threads in the answer");
    },
    async deleteThread(session, threadId) {
      if (!remove) return nothing("the profile knows no way to delete a thread");
      const answer = await ask(remove, { threadId }, session);
      return answer.ok ? { ok: true, doneUs: answer.doneUs } : failureOf(answer, "");
    },
    history: (session, threadId, slice) => page("history", { threadId }, slice, session),
    search: (session, query) =>
      page(
        "search",
        { ...query, text: query.text === "" ? undefined : query.text },
        { limit: query.limit, offset: query.offset, order: "desc" },
        session,
      ),
  };
}

type Slice = Parameters<ReturnType<typeof compilePage>>[1];

function pageOf(
  url: string,
  specs: Pick<GenericOptions, "history" | "search">,
  http: HttpClient,
  carry: ReturnType<typeof compileCarrier>,
) {
  const compiled = (spec: GenericOptions["history"]) =>
    spec && { spec, request: compileRequest(url, spec.request, carry), read: compilePage(spec) };
  const pages = { history: compiled(specs.history), search: compiled(specs.search) };
  return async (
    what: "history" | "search",
    values: Values,
    slice: Slice,
    session: Session,
  ): Promise<Answer<{ readonly page: HistoryPage }>> => {
    const found = pages[what];
    if (!found) return nothing(`the profile knows no ${what}`);
    const ask = (part: Slice): Promise<HttpAnswer> =>
      http.request(
        found.request(
          { ...values, ...part, page: pageNumber(part), order: found.spec.orders[part.order] },
          session,
        ),
      );
    const wanted =
      found.spec.paging === "oldest-first" ? await fromOldest(slice, ask, found.read) : plain(slice);
    if (!wanted.ok) return wanted.failure;
    const answer = await ask(wanted.slice);
    const page = answer.ok ? found.read(answer.body, slice) : "";
    return typeof page === "string" ? failureOf(answer, page) : { ok: true, doneUs: answer.doneUs, page };
  };
}

function plain(slice: Slice): Located {
  return { ok: true, slice };
}

/** Where a page that counts from the newest lies for a service that counts from the oldest. */
async function fromOldest(
  slice: Slice,
  ask: (part: Slice) => Promise<HttpAnswer>,
  read: ReturnType<typeof compilePage>,
): Promise<Located> {
  if (slice.order === "asc") return { ok: true, slice };
  const first: Slice = { limit: 1, offset: 0, order: "asc" };
  const answer = await ask(first);
  const page = answer.ok ? read(answer.body, first) : "";
  if (typeof page === "string") return { ok: false, failure: failureOf(answer, page) };
  const { total } = page;
  if (total === undefined) return { ok: false, failure: failureOf(answer, "no total in the answer") };
  const end = Math.max(0, total - slice.offset);
  const offset = Math.max(0, end - slice.limit);
  return { ok: true, slice: { limit: Math.max(1, end - offset), offset, order: "desc" } };
}

type Located =
  | { readonly ok: true; readonly slice: Slice }
  | { readonly ok: false; readonly failure: Failure };

/** Pages count from 1. */
function pageNumber({ limit, offset }: Pick<Slice, "limit" | "offset">): number {
  return Math.floor(offset / Math.max(1, limit)) + 1;
}

function accountValues({ email, password }: Account): Values {
  return { email, password, name: email.split("@")[0] };
}

/** Without a log-in a user is only a name to itself. */
function nobody(_account: Account): Session {
  return { token: "", refreshToken: undefined, userId: undefined, expiresAtWallUs: undefined };
}

function nothing(message: string): Failure {
  return { ok: false, kind: "refused", status: 0, code: undefined, message, doneUs: 0 };
}

function sessionFrom(answer: HttpAnswer, spec: LoginSpec): LoggedIn {
  if (!answer.ok) return failureOf(answer, "");
  const view = { root: parsedJson(answer.body), frame: answer.body, label: undefined };
  const at = (paths: readonly string[]): string | undefined => idOf(firstOf(paths.map(compilePath))(view));
  const token = tokenIn(answer, spec.bearer, at);
  if (token === undefined) return failureOf(answer, `no token at ${placeOf(spec.bearer)} of the answer`);
  const session = {
    token,
    refreshToken: at(spec.renewal),
    userId: at(spec.user),
    ...expiryOf(token),
  };
  return { ok: true, doneUs: answer.doneUs, session };
}

function tokenIn(
  answer: HttpAnswer,
  place: LoginSpec["bearer"],
  at: (paths: readonly string[]) => string | undefined,
): string | undefined {
  if ("header" in place) return answer.header(place.header.toLowerCase());
  if ("setCookie" in place) {
    const set = answer.header("set-cookie")?.split("\n") ?? [];
    const start = `${place.setCookie}=`;
    return set
      .find((one) => one.startsWith(start))
      ?.slice(start.length)
      .split(";")[0];
  }
  return at(place);
}

function placeOf(place: LoginSpec["bearer"]): string {
  if ("header" in place) return `the header ${place.header}`;
  return "setCookie" in place ? `the cookie ${place.setCookie}` : place.join(", ");
}
