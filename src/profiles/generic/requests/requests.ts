// Prepares the scenario file's requests: compiles templates, escapes paths, adds the token.

import type { HttpRequest } from "../../../wire/http/http.js";
import type { StreamRequest } from "../../../wire/http/http-stream.js";
import type { Session } from "../../profile.js";
import { compileTemplate, compileTextTemplate, type Values } from "../language/template.js";
import type { CarrySpec } from "../schema/access.js";
import type { RequestSpec } from "../schema/request.js";

/** A request with unfilled placeholders; the session is `undefined` before the login. */
export type OpenRequest = (
  values: Values,
  session: Session | undefined,
) => HttpRequest & { readonly url: string };

/** Headers and query parameters with a session's token. */
export interface Carried {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly subprotocols: readonly string[];
  readonly auth: Readonly<Record<string, string>>;
}

const NOTHING: Carried = { headers: {}, query: {}, subprotocols: [], auth: {} };

/** Adds a session's token, if it has one. */
export function compileCarrier(spec: CarrySpec): (session: Session | undefined) => Carried {
  const value = compileTextTemplate(spec.value);
  return (session) => {
    if (!session || session.token === "" || spec.in === "none") return NOTHING;
    const text = value(sessionValues(session)) ?? "";
    switch (spec.in) {
      case "header":
        return { ...NOTHING, headers: { [spec.name.toLowerCase()]: text } };
      case "query":
        return { ...NOTHING, query: { [spec.name]: text } };
      case "subprotocol":
        return { ...NOTHING, subprotocols: [text] };
      case "auth":
        return { ...NOTHING, auth: { [spec.name]: text } };
    }
  };
}

export function sessionValues(session: Session): Values {
  const { token, refreshToken, number, userId = number } = session;
  return { token, refreshToken, userId };
}

/** @param base URL without a trailing slash */
export function compileRequest(
  base: string,
  spec: RequestSpec,
  carry: (session: Session | undefined) => Carried,
): OpenRequest {
  const path = compileTextTemplate(spec.path, encodeURIComponent);
  const query = compileMap(spec.query);
  const headers = compileMap(spec.headers);
  const body = spec.body === undefined ? undefined : compileTemplate(spec.body);
  const traced = Object.keys(spec.headers ?? {}).every((name) => name.toLowerCase() !== TRACE_HEADER);
  const form = spec.form === undefined ? undefined : compileMap(spec.form);
  return (given, session) => {
    const values = session ? { ...sessionValues(session), ...given } : given;
    const carried = carry(session);
    const search = new URLSearchParams({ ...query(values), ...carried.query }).toString();
    const target = `${base}${path(values) ?? ""}`;
    const url = search === "" ? target : `${target}${target.includes("?") ? "&" : "?"}${search}`;
    const trace = traced ? traceOf(values) : undefined;
    const sent = withCookies({ ...trace, ...carried.headers, ...headers(values) }, session, target);
    if (form) {
      const text = new URLSearchParams(form(values)).toString();
      const type = { "content-type": "application/x-www-form-urlencoded" };
      return { method: spec.method, url, headers: { ...type, ...sent }, body: text };
    }
    return { method: spec.method, url, headers: sent, ...(body ? { json: body(values) } : {}) };
  };
}

/** Headers with the session's cookies for that URL, which override cookies of the same name from the file. */
export function withCookies(
  headers: Readonly<Record<string, string>>,
  session: Session | undefined,
  url: string,
): Readonly<Record<string, string>> {
  const kept = session?.cookies?.header(url);
  if (kept === undefined) return headers;
  const names = new Set(kept.split("; ").map(nameOf));
  const own = (headers.cookie ?? "").split(/; ?/).filter((pair) => pair !== "" && !names.has(nameOf(pair)));
  return { ...headers, cookie: [...own, kept].join("; ") };
}

function nameOf(pair: string): string {
  return pair.slice(0, pair.indexOf("="));
}

const TRACE_HEADER = "traceparent";

/** The trace header of requests that belong to a turn. */
function traceOf({ traceparent }: Values): Record<string, string> | undefined {
  return typeof traceparent === "string" ? { [TRACE_HEADER]: traceparent } : undefined;
}

/** The same request for a stream. */
export function asStream(request: ReturnType<OpenRequest>): StreamRequest {
  const { method, url, headers = {}, json, body } = request;
  return {
    method: method === "DELETE" ? "POST" : method,
    url,
    headers,
    body: json === undefined ? body : JSON.stringify(json),
  };
}

/** Texts by name, without those that have no value. */
export function compileMap(
  spec: Readonly<Record<string, string>> | undefined,
): (values: Values) => Record<string, string> {
  const entries = Object.entries(spec ?? {}).map(
    ([name, text]) => [name, compileTextTemplate(text)] as const,
  );
  return (values) => {
    const made: Record<string, string> = {};
    for (const [name, text] of entries) {
      const value = text(values);
      if (value !== undefined) made[name] = value;
    }
    return made;
  };
}
