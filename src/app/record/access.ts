// How the client authenticated: which request logged it in, where its token came from, and how it was sent afterwards.

import { parsedJson } from "../../profiles/generic/language/json-path.js";
import { isSecretName } from "../../support/redaction.js";
import { type Data, filled, isIdLike, leavesOf, literal, mapped, requestData } from "./leaves.js";
import type { Notes } from "./notes.js";
import { cookiesOf, type Exchange, formOf, type PassedSocket, type Recording } from "./recording.js";

export interface Access {
  /** `login`, `register`, `carry`, `cookies` of the profile's options. */
  readonly options: Data;
  /** How the socket carries the token, if requests do it differently. */
  readonly socketCarry: Data | undefined;
  readonly token: string | undefined;
  readonly userId: string | undefined;
  readonly login: Exchange | undefined;
  readonly register: Exchange | undefined;
  /** Whether users log in with a password, bring a token, or need neither. */
  readonly users: "accounts" | "tokens" | "anybody";
  /** Header that carries the token. */
  readonly header: string | undefined;
  /** Never to be written. */
  readonly secrets: readonly string[];
}

interface Carrier {
  readonly in: "header" | "query" | "subprotocol" | "auth" | "frame";
  readonly name: string;
  readonly value: string;
  /** Of a cookie: its name. */
  readonly cookie?: string;
}

interface Origin {
  readonly exchange: Exchange;
  readonly place: string | { readonly header: string } | { readonly setCookie: string };
  readonly token: string;
  readonly value: string;
}

const SHORTEST_TOKEN = 8;
const SCHEME = /^(bearer|basic|token)\s+/i;
const PASSWORD = /pass|pwd|phrase|secret|\bpin\b/i;
const PERSON = /mail|user|login|name|who|account|handle|phone/i;
const SESSION_COOKIE = /sess|sid|token|auth|jwt|login/i;
/** Analytics and preference cookies: never a session. */
const IDLE_COOKIE = /^(_ga|_gid|_fbp|theme|lang|locale|i18n|consent)/i;

/** @param sent the request that sent the first message, or the socket it was sent on */
export function findAccess(
  recording: Recording,
  sent: Exchange | PassedSocket,
  atUs: number,
  notes: Notes,
): Access {
  const before = recording.exchanges.filter((exchange) => exchange.atUs < atUs && exchange !== sent);
  const password = before.findLast(
    (exchange) => fieldsOf(exchange).some(({ key }) => PASSWORD.test(key)) && !isRegistration(exchange),
  );
  const own = carriersOf(sent, atUs);
  const socket = sent.kind === "socket";
  const rest = socket
    ? recording.exchanges
        .filter(({ query }) => query.EIO === undefined)
        .flatMap((exchange) => carriersOf(exchange, atUs))
    : [];
  const found = bestOrigin(own, before, password) ?? bestOrigin(rest, before, password);
  const register = before.find((exchange) => isRegistration(exchange) && fieldsOf(exchange).length > 0);
  const secrets = [...own, ...rest].flatMap((carrier) =>
    carrier.cookie !== undefined || isCredential(carrier)
      ? [carrier.value, carrier.value.replace(SCHEME, "")]
      : [],
  );
  for (const exchange of before)
    for (const { key, value } of fieldsOf(exchange))
      if (PASSWORD.test(key) || (PERSON.test(key) && (exchange === password || exchange === register)))
        secrets.push(value);
  const none = { socketCarry: undefined, userId: undefined, login: undefined, register, header: undefined };
  if (found === undefined) {
    const held = own.find(isCredential) ?? rest.find(isCredential);
    if (held === undefined) return { ...none, options: {}, token: undefined, users: "anybody", secrets };
    const token = held.cookie === undefined ? held.value.replace(SCHEME, "") : held.value;
    notes.add(
      "carry",
      "where the token comes from was not seen: log out, and in again while the recorder runs, to have the log-in too",
    );
    return {
      ...none,
      options: { carry: carryOf(held, token) },
      token,
      users: "tokens",
      header: headerOf(held),
      secrets: [...secrets, token],
    };
  }
  const { carrier, origin } = found;
  const { exchange, token } = origin;
  secrets.push(token);
  const fromRest = socket ? rest.find(({ value }) => value.includes(token)) : undefined;
  const socketCarry = carrier.in === "frame" ? { in: "none" } : carryOf(carrier, token);
  const carry = fromRest ? carryOf(fromRest, token) : socketCarry;
  const answer = parsedJson(exchange.answer() ?? "");
  const user = userIn(answer);
  const login = {
    request: requestOf(exchange, notes, "login.request"),
    bearer: origin.place,
    ...filled({ user: user?.path }),
  };
  const jar = new Set(before.flatMap(({ setCookies }) => setCookies.map((line) => line.split("=")[0] ?? "")));
  const cookies = cookiesOf(sent.headers).some(([name]) => jar.has(name) && !IDLE_COOKIE.test(name));
  return {
    options: filled({
      login,
      register: register &&
        register !== exchange && { request: requestOf(register, notes, "register.request") },
      carry,
      cookies: cookies && typeof origin.place !== "object",
    }),
    socketCarry: socket && JSON.stringify(carry) !== JSON.stringify(socketCarry) ? socketCarry : undefined,
    token,
    userId: user?.value,
    login: exchange,
    register,
    users: fieldsOf(exchange).length > 0 ? "accounts" : "anybody",
    header: headerOf(fromRest ?? carrier),
    secrets,
  };
}

function headerOf({ in: place, name }: Carrier): string | undefined {
  return place === "header" ? name : undefined;
}

function isCredential({ in: place, name, cookie, value }: Carrier): boolean {
  if (value.length < SHORTEST_TOKEN) return false;
  if (cookie !== undefined) return SESSION_COOKIE.test(cookie);
  return place !== "frame" && (place === "subprotocol" ? value.length > 40 : isSecretName(name));
}

/** Everything the client sent that may be a token. */
function carriersOf(sent: Exchange | PassedSocket, atUs: number): readonly Carrier[] {
  const { headers, query } = sent;
  const plain = Object.entries(headers).flatMap(([name, value]): Carrier[] =>
    name === "authorization" ||
    /^x-/.test(name) ||
    (isSecretName(name) && name !== "cookie" && !name.startsWith("sec-"))
      ? [{ in: "header", name, value }]
      : [],
  );
  const cookies = cookiesOf(headers)
    .filter(([name]) => !IDLE_COOKIE.test(name))
    .map(([cookie, value]): Carrier => ({ in: "header", name: "cookie", value, cookie }));
  const asked = Object.entries(query).map(([name, value]): Carrier => ({ in: "query", name, value }));
  if (sent.kind === "exchange") return [...plain, ...cookies, ...asked];
  const auth = leavesOf(sent.auth).map(
    ({ path, value }): Carrier => ({ in: "auth", name: path, value: String(value) }),
  );
  const said = sent.frames
    .filter(({ from, atUs: at }) => from === "client" && at < atUs)
    .flatMap(({ text }) =>
      leavesOf(parsedJson(text)).map(
        ({ path, value }): Carrier => ({ in: "frame", name: path, value: String(value) }),
      ),
    );
  const offered = sent.protocols.map((value): Carrier => ({ in: "subprotocol", name: "", value }));
  return [...plain, ...cookies, ...asked, ...offered, ...auth, ...said];
}

function bestOrigin(
  carriers: readonly Carrier[],
  before: readonly Exchange[],
  password: Exchange | undefined,
): { readonly carrier: Carrier; readonly origin: Origin } | undefined {
  const found = carriers.flatMap((carrier) => {
    const origin = originOf(carrier, before);
    return origin ? [{ carrier, origin }] : [];
  });
  const weight = ({ carrier, origin }: (typeof found)[number]): number =>
    (origin.exchange === password ? 4 : 0) +
    (carrier.name === "authorization" ? 2 : 0) +
    (carrier.cookie === undefined || SESSION_COOKIE.test(carrier.cookie) ? 1 : 0);
  return found.sort((a, b) => weight(b) - weight(a))[0];
}

function originOf({ value, cookie }: Carrier, before: readonly Exchange[]): Origin | undefined {
  if (value.length < SHORTEST_TOKEN) return undefined;
  for (const exchange of [...before].reverse()) {
    for (const line of exchange.setCookies) {
      const [, name = "", held = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (held.length >= SHORTEST_TOKEN && (cookie === undefined || cookie === name) && value.includes(held))
        return { exchange, place: { setCookie: name }, token: held, value };
    }
    if (cookie !== undefined) continue;
    const leaf = leavesOf(parsedJson(exchange.answer() ?? "")).find(
      (one) =>
        typeof one.value === "string" && one.value.length >= SHORTEST_TOKEN && carries(value, one.value),
    );
    if (leaf) return { exchange, place: leaf.path, token: String(leaf.value), value };
    const header = Object.entries(exchange.answerHeaders).find(
      ([name, held]) =>
        /token|auth|session/i.test(name) && held.length >= SHORTEST_TOKEN && carries(value, held),
    );
    if (header) return { exchange, place: { header: header[0] }, token: header[1], value };
  }
  return undefined;
}

/** The token itself or as base64url, with a short text around it. */
function carries(value: string, token: string): boolean {
  const spelled = [token, Buffer.from(token).toString("base64url")].find((one) => value.includes(one));
  return spelled !== undefined && value.length - spelled.length <= 24;
}

function carryOf({ in: place, name, value, cookie }: Carrier, token: string): Data {
  const encoded = Buffer.from(token).toString("base64url");
  const template = value.includes(token)
    ? value.replace(token, "{token}")
    : value.replace(encoded, "{token|base64url}");
  if (cookie !== undefined) return { in: "header", name: "cookie", value: `${cookie}={token}` };
  if (place === "header" && name === "authorization" && template === "Bearer {token}")
    return { in: "header" };
  return { in: place, ...(place === "subprotocol" ? {} : { name }), value: template };
}

interface Field {
  readonly key: string;
  readonly value: string;
}

/** The strings in a JSON or form body. */
function fieldsOf(exchange: Exchange): readonly Field[] {
  const form = formOf(exchange);
  if (form) return [...form].map(([key, value]) => ({ key, value }));
  return leavesOf(parsedJson(exchange.body ?? "")).flatMap(({ key, value }) =>
    typeof value === "string" ? [{ key, value }] : [],
  );
}

function isRegistration({ path, method }: Exchange): boolean {
  return method === "POST" && /regist|sign-?up|create-?account/i.test(path);
}

/** A login or registration as a request of the profile, with placeholders for name and password. */
function requestOf(exchange: Exchange, notes: Notes, at: string): Data {
  const fields = fieldsOf(exchange);
  const secret = fields.find(({ key }) => PASSWORD.test(key));
  const person =
    fields.find((field) => field !== secret && PERSON.test(field.key)) ??
    fields.find((field) => field !== secret && field.value.includes("@")) ??
    fields.find((field) => field !== secret);
  const make = (value: unknown, key: string): unknown => {
    if (typeof value !== "string") return value;
    if (PASSWORD.test(key)) return "{password}";
    if (key === person?.key || (person && value === person.value))
      return value.includes("@") || !/name/i.test(key) ? "{email}" : "{name}";
    if (isSecretName(key) || (isIdLike(value) && value.length >= 16)) return notes.secret(at, key);
    return literal(value);
  };
  const { method, path, query } = exchange;
  const asked = Object.fromEntries(Object.entries(query).map(([key, value]) => [key, make(value, key)]));
  const form =
    formOf(exchange) && Object.fromEntries(fields.map(({ key, value }) => [key, make(value, key)]));
  const json = parsedJson(exchange.body ?? "");
  const body = form || !json ? {} : { body: mapped(json, (value, _path, key) => make(value, key)) };
  return requestData(method, path, asked, form ? { form } : body);
}

/** Path of the user's id in the login response. */
function userIn(answer: unknown): { readonly path: string; readonly value: string } | undefined {
  const leaves = leavesOf(answer).filter(
    ({ value }) => (typeof value === "string" && value !== "") || typeof value === "number",
  );
  const leaf =
    leaves.find(({ path }) => /(^|[._])(user_?id|uid|account_?id)$/i.test(path)) ??
    leaves.find(({ path }) => /(user|account|profile|me)\.(id|uuid|uid)$/i.test(path));
  return leaf && { path: leaf.path, value: String(leaf.value) };
}
