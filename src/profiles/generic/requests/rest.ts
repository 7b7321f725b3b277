// The HTTP half of a custom backend: login, threads, history and search, with the file's requests.
import type { Account } from "../../../scenarios/scenario.js";
import { nowUs, wallMinusMonoUs } from "../../../support/clock.js";
import { CookieJar } from "../../../wire/http/cookie-jar.js";
import type { HttpAnswer, HttpClient } from "../../../wire/http/http.js";
import { doneBy, failureOf } from "../../failure.js";
import type { Answer, Protocol, Session } from "../../profile.js";
import { afterRegistration } from "../../registration.js";
import { expiryOf, idOf } from "../../values.js";
import { compilePath, firstOf, parsedJson } from "../language/json-path.js";
import type { Values } from "../language/template.js";
import type { LoginSpec } from "../schema/access.js";
import type { GenericOptions } from "../schema/options.js";
import { nothing, pageOf } from "./pages.js";
import { compileCarrier, compileRequest, type OpenRequest } from "./requests.js";
import { idIn, idsIn } from "./rows.js";

type Rest = Pick<
  Protocol,
  "login" | "refresh" | "createThread" | "listThreads" | "deleteThread" | "history" | "search"
>;
type LoggedIn = Answer<{ readonly session: Session }>;

/** @param url, authUrl without a trailing slash */
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
  const ask = async (
    request: OpenRequest,
    values: Values,
    session: Session | undefined,
  ): Promise<HttpAnswer> => {
    const made = request(values, session);
    const answer = await http.request(made);
    session?.cookies?.keep(made.url, answer.header("set-cookie")?.split("\n") ?? []);
    return answer;
  };
  const keepsCookies = options.cookies || (login !== undefined && "setCookie" in login.bearer);
  const page = pageOf(url, { history, search }, ask, carry);
  return {
    async login(account, wanted) {
      const visitor = keepsCookies ? visitorWith(new CookieJar(wallNowMs)) : undefined;
      const enter = async (): Promise<LoggedIn> => {
        if (!logIn || !login) return { ok: true, doneUs: nowUs(), session: visitor ?? nobody() };
        return sessionFrom(await ask(logIn, accountValues(account), visitor), login, visitor?.cookies);
      };
      if (!wanted || !signUp || !register) return enter();
      const made = await ask(signUp, accountValues(account), visitor);
      return afterRegistration(made, authUrl, register.known, enter);
    },
    async refresh(session): Promise<LoggedIn> {
      if (!renewIt || !login) return nothing("the profile knows no way to renew a token");
      const answer = sessionFrom(await ask(renewIt, {}, session), login, session.cookies);
      if (!answer.ok) return answer;
      const { userId = session.userId, refreshToken = session.refreshToken } = answer.session;
      return { ...answer, session: { ...answer.session, userId, refreshToken } };
    },
    async createThread(session, title) {
      if (!create) return { ok: true, doneUs: nowUs(), threadId: globalThis.crypto.randomUUID() };
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
      return doneBy(await ask(remove, { threadId }, session));
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

function accountValues({ email, password }: Account): Values {
  return { email, password, name: email.split("@")[0] };
}

/** The session of a user without a login. */
function nobody(): Session {
  return { token: "", refreshToken: undefined, userId: undefined, expiresAtWallUs: undefined };
}

/** The session of a user who has not logged in yet, with its cookies. */
function visitorWith(cookies: CookieJar): Session {
  return { ...nobody(), cookies };
}

function wallNowMs(): number {
  return (nowUs() + wallMinusMonoUs()) / 1000;
}

/** Longer tokens do not fit into a header. */
const MAX_TOKEN = 16_384;

/** @param cookies the jar, which already has the answer's cookies */
function sessionFrom(answer: HttpAnswer, spec: LoginSpec, cookies: CookieJar | undefined): LoggedIn {
  // Forms are answered with a redirect: the cookie shows whether the user is logged in.
  const redirected = answer.status >= 300 && answer.status < 400 && "setCookie" in spec.bearer;
  if (!answer.ok && !redirected) return failureOf(answer, "");
  const view = { root: parsedJson(answer.body), frame: answer.body, label: undefined };
  const get = (paths: readonly string[]): unknown => firstOf(paths.map(compilePath))(view);
  const at = (paths: readonly string[]): string | undefined => idOf(get(paths));
  const token = tokenIn(answer, spec.bearer, at, cookies);
  if (token === undefined) {
    const location = redirected ? answer.header("location")?.slice(0, 100) : undefined;
    const missing = `no token at ${placeOf(spec.bearer)} of the answer`;
    if (!redirected) return failureOf(answer, missing);
    const message = `HTTP ${answer.status} to ${location ?? "nowhere"}, and ${missing}`;
    return {
      ok: false,
      kind: "auth",
      status: answer.status,
      code: undefined,
      message,
      doneUs: answer.doneUs,
    };
  }
  const refreshToken = at(spec.renewal);
  if (token.length > MAX_TOKEN || (refreshToken?.length ?? 0) > MAX_TOKEN)
    return failureOf({ ...answer, ok: true }, `a token longer than ${MAX_TOKEN} characters`);
  const session = {
    token,
    refreshToken,
    userId: at(spec.user),
    ...expiryOf(token, answer.doneUs, get(spec.lifetime)),
    ...(cookies ? { cookies } : {}),
  };
  return { ok: true, doneUs: answer.doneUs, session };
}

function tokenIn(
  answer: HttpAnswer,
  place: LoginSpec["bearer"],
  at: (paths: readonly string[]) => string | undefined,
  cookies: CookieJar | undefined,
): string | undefined {
  if ("header" in place) return answer.header(place.header.toLowerCase()) || undefined;
  if ("setCookie" in place) return cookies?.value(place.setCookie);
  return at(place);
}

function placeOf(place: LoginSpec["bearer"]): string {
  if ("header" in place) return `the header ${place.header}`;
  return "setCookie" in place ? `the cookie ${place.setCookie}` : place.join(", ");
}
