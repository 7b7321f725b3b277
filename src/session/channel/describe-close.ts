// Describes briefly how a connection ended, or why it never became ready.
import { formatUs, plainDuration } from "../../support/units.js";
import type { HttpAnswer } from "../../wire/http/http.js";
import { isRedirect } from "../../wire/http/request-name.js";
import type { StreamEnd } from "../../wire/http/sse.js";
import type { CloseInfo } from "../../wire/socket/channel.js";

/** `ECONNREFUSED`, `HTTP 401 on the upgrade`, `code 1011: reason`: short, for counting and for people. */
export function describeClose(info: CloseInfo): string {
  if (info.errorCode !== undefined) return info.errorCode;
  if (info.status > 0) return `HTTP ${info.status} on the upgrade`;
  return info.reason ? `code ${info.code}: ${info.reason.slice(0, 80)}` : `code ${info.code}`;
}

/**
 * A channel that was not ready in time: what it waited for, how long, and what to do.
 * @param open the connection itself was open
 */
export function describeUnready(open: boolean, timeoutUs: number): string {
  const within = `within ${plainDuration(timeoutUs)}`;
  return open
    ? `the connection opened, but no welcome, or answer to its handshake, came ${within}: check socket.handshake and socket.ready, or raise connect.timeout`
    : `the upgrade was not answered ${within}: check the path of the socket and the proxies in between, or raise connect.timeout`;
}

/** The cause that a failed stream counts for: `ECONNREFUSED`, `HTTP 503`, `silent`. */
export function streamCause({ kind, status, errorCode }: StreamEnd): string {
  if (kind === "silent") return kind;
  return errorCode ?? (kind === "refused" ? `HTTP ${status}` : kind);
}

/** The same for people. @param idleUs longest silence allowed, microseconds */
export function describeStreamEnd(end: StreamEnd, idleUs: number): string {
  if (end.kind === "silent")
    return `silent for ${plainDuration(idleUs)}: the service stalled, a proxy holds its events back, or stream.silence is too short`;
  const cause = streamCause(end);
  const told = cause.startsWith("UND_ERR") && end.reason !== "" ? end.reason : cause;
  if (end.kind === "refused" && isRedirect(end.status)) return `${cause}, ${end.reason}`;
  if (end.kind !== "broken" || end.errorCode === undefined) return told;
  return `the connection broke ${end.status === 0 ? "before any answer" : "in mid-answer"} (${told})`;
}

/** A turn's request without any answer when the turn was given up. */
export function describeUnanswered(waitedUs: number): string {
  return `no answer, not even a status, within ${formatUs(waitedUs)}: if the service sends nothing until its answer is complete, raise turn.timeout`;
}

/** A failed HTTP request: `HTTP 503`, `ECONNREFUSED`, or what it waited for and how long. */
export function describeAnswer({ status, code, error }: HttpAnswer): string {
  if (code?.startsWith("UND_ERR") && error !== undefined) return error;
  return code ?? (status > 0 ? `HTTP ${status}` : "no answer");
}
