// Why nobody could be readied, in words that say what to do next.
import type { FailedRequests } from "../../model/log/failed-request.js";
import type { InvalidReason } from "../../model/log/run-log.js";
import type { Target } from "../../scenarios/scenario.js";
import type { PrepareFailure } from "../process/messages.js";

/** The most frequent cause first. `url` is the target's, without secrets. */
export function prepareCauses(
  failures: readonly PrepareFailure[],
  target: Target,
  url: string,
): readonly InvalidReason[] {
  return [...failures]
    .sort((a, b) => b.count - a.count)
    .slice(0, 3)
    .map((failure) => causeOf(failure, target, url));
}

function causeOf(failure: PrepareFailure, target: Target, url: string): InvalidReason {
  const where = failure.at === "login" ? (target.authUrl ?? url) : url;
  const times = failure.count > 1 ? ` (${failure.count} times)` : "";
  if (failure.code !== undefined) {
    const known = SYSTEM[failure.code];
    if (known) return { code: failure.code, message: `${known.what} ${where}${times}`, advice: known.advice };
  }
  return failure.at === "login" ? loginCause(failure, where, times) : connectCause(failure, where, times);
}

const SYSTEM: Readonly<Record<string, { readonly what: string; readonly advice: string }>> = {
  ECONNREFUSED: {
    what: "connection refused by",
    advice: "nothing listens there: is the backend running, and the port right?",
  },
  ENOTFOUND: { what: "no such host:", advice: "the name does not resolve: check the target's url" },
  EAI_AGAIN: {
    what: "cannot resolve",
    advice: "name resolution failed: check the network and the target's url",
  },
  ECONNRESET: {
    what: "connection reset by",
    advice: "does the port speak this protocol? https or wss where TLS is expected",
  },
  UND_ERR_CONNECT_TIMEOUT: {
    what: "no connection within the time limit to",
    advice: "a firewall, or a host that is down",
  },
  UND_ERR_HEADERS_TIMEOUT: {
    what: "no answer within the time limit from",
    advice: "the service accepts connections and does not answer",
  },
  ETIMEDOUT: { what: "no connection within the time limit to", advice: "a firewall, or a host that is down" },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    what: "a self-signed certificate at",
    advice: "name its CA under tls: { ca: … }",
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    what: "a self-signed certificate at",
    advice: "name its CA under tls: { ca: … }",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    what: "a certificate of an unknown CA at",
    advice: "name its CA under tls: { ca: … }",
  },
};

function loginCause({ status, message, kind }: PrepareFailure, where: string, times: string): InvalidReason {
  if (kind === "auth") {
    const advice = "check the accounts of the target (and whether they must be registered first)";
    return { code: "login-refused", message: `log-in refused by ${where}: ${message}${times}`, advice };
  }
  if (status === 404) {
    const advice = "check authUrl, and the paths under the target's options";
    return { code: "login-not-found", message: `no log-in at ${where}: ${message}${times}`, advice };
  }
  return {
    code: "login-failed",
    message: `log-in failed at ${where}: ${message}${times}`,
    advice: "look at the backend's own log",
  };
}

function connectCause(
  { kind, status, message }: PrepareFailure,
  where: string,
  times: string,
): InvalidReason {
  if (kind === "auth") {
    const advice =
      "the token was refused: try another carrier (header, subprotocol, query) under the target's options";
    return {
      code: "upgrade-refused",
      message: `the socket at ${where} refused its users: ${message}${times}`,
      advice,
    };
  }
  if (kind === "timeout") {
    const advice = "the upgrade is never answered: check the path of the socket, and proxies on the way";
    return {
      code: "upgrade-timeout",
      message: `no socket could be opened at ${where} within the time limit${times}`,
      advice,
    };
  }
  if (status > 0) {
    const advice = "check the path of the socket under the target's options";
    return { code: "upgrade-failed", message: `${where} answered ${message}${times}`, advice };
  }
  const advice = "the socket opens and closes at once: look at the backend's own log for the reason";
  return {
    code: "closed-at-once",
    message: `the socket at ${where} closes at once: ${message}${times}`,
    advice,
  };
}

/** What failed before the load, as the report counts it. A first channel is tried for few users: each counts as one. */
export function failedWhilePreparing(failures: readonly PrepareFailure[]): readonly FailedRequests[] {
  return failures.map(({ at, request, status, closeCode = 0, code, message, count }) => ({
    step: at,
    ...(request === undefined ? {} : { request }),
    status,
    closeCode,
    ...(code === undefined ? {} : { errorCode: code }),
    message: message.slice(0, 200),
    count,
    users: count,
    firstMs: 0,
  }));
}
