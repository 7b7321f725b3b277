// The defect `endpoint-without-check`: who makes the request if an endpoint needs no token.
import type { IncomingHttpHeaders } from "node:http";
import type { Service } from "../service.js";
import { stampUs } from "../stamps.js";
import type { Identity } from "../tokens.js";
import { authenticate, bearerOf } from "./authenticate.js";

/** Endpoints that the defect can open to anyone without a token. */
type Endpoint = "messages" | "search" | "threads" | "create" | "remove" | "socket";

const AN_HOUR_SECONDS = 3600;

/**
 * Who makes the request. Throws 401 without a valid token, unless the endpoint's check is switched off and there is no
 * token at all: then it is the owner of the thread, or else any user with a thread.
 */
export async function authenticateAt(
  endpoint: Endpoint,
  service: Service,
  headers: IncomingHttpHeaders,
  threadId?: string,
): Promise<Identity> {
  const anybody = bearerOf(headers) === undefined && (await anybodyAt(endpoint, service, threadId));
  return anybody || authenticate(service.tokens, headers);
}

/** The identity that the defect gives a request without a token; `undefined` while it is off. */
export async function anybodyAt(
  endpoint: Endpoint,
  { defects, store }: Service,
  threadId?: string,
): Promise<Identity | undefined> {
  const reserved = defects.reserve("endpoint-without-check", {}, (params) => params.endpoint === endpoint);
  if (!reserved) return undefined;
  const thread =
    (threadId === undefined ? undefined : await store.thread(threadId)) ?? (await store.foreignThread(""));
  const user = thread && (await store.userById(thread.userId));
  if (!user) {
    reserved.release();
    return undefined;
  }
  reserved.commit(endpoint);
  const expiresAt = Math.floor(stampUs() / 1_000_000) + AN_HOUR_SECONDS;
  return { userId: user.id, email: user.email, org: user.org, expiresAt };
}
