// Requests of the user's own code: to the target and to allowed hosts, with the cookies of a session.
import { hostOf, isLoopback } from "../scenarios/accounts/hosts.js";
import type { Target } from "../scenarios/scenario.js";
import { parseJson } from "../support/json.js";
import type { CookieJar } from "../wire/http/cookie-jar.js";
import type { HttpAnswer, HttpClient } from "../wire/http/http.js";
import type { ExtensionRequest, ExtensionResponse } from "./define.js";

/** There was no complete answer. */
export class RequestFailed extends Error {
  constructor(readonly answer: HttpAnswer) {
    super(`${answer.request ?? "request"}: ${answer.error ?? "no answer"}`);
  }
}

/** @param headers the user's, overridden by the request's own; only sent below the target's url */
export type Requests = (
  request: ExtensionRequest,
  jar: CookieJar | undefined,
  headers: Readonly<Record<string, string>>,
) => Promise<ExtensionResponse>;

export function requestsTo(
  { url: base, authUrl, allowedHosts }: Pick<Target, "url" | "authUrl" | "allowedHosts">,
  http: Pick<HttpClient, "request">,
): Requests {
  const root = base.replace(/\/$/, "");
  return async ({ method = "GET", url, headers: given = {}, json, form, body }, jar, own) => {
    const below = url.startsWith("/");
    const full = below ? `${root}${url}` : url;
    if (!mayCall(full)) throw new Error(`may not call ${hostOf(full) ?? url}: name it with --allow-host`);
    const cookie = jar?.header(full);
    const headers = {
      ...(below ? own : {}),
      ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
      ...(cookie === undefined ? {} : { cookie }),
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])),
    };
    const text = form ? new URLSearchParams(form).toString() : body;
    const content = json === undefined ? (text === undefined ? {} : { body: text }) : { json };
    const answer = await http.request({ method, url: full, headers, ...content });
    jar?.keep(full, answer.header("set-cookie")?.split("\n") ?? []);
    if (answer.error !== undefined) throw new RequestFailed(answer);
    const { status, ok, body: said, header } = answer;
    return { status, ok, body: said, json: () => parseJson(said), header };
  };

  function mayCall(url: string): boolean {
    const host = hostOf(url);
    if (host === undefined) return false;
    return (
      isLoopback(url) ||
      host === hostOf(base) ||
      (authUrl !== undefined && host === hostOf(authUrl)) ||
      allowedHosts.includes(host)
    );
  }
}
