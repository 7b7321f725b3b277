// Why no user could be prepared, in words that say what to do next.
import type { FailedRequests } from "../../model/log/failed-request.js";
import type { InvalidReason } from "../../model/log/run-log.js";
import type { Target } from "../../scenarios/scenario.js";
import { defined } from "../../support/defined.js";
import { formatUs } from "../../support/units.js";
import { isRedirect } from "../../wire/http/request-name.js";
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
  const known = failure.code === undefined ? undefined : SYSTEM[failure.code];
  if (known && failure.code !== undefined) {
    const asked = failure.request === undefined ? "" : `: ${failure.request}`;
    const { what, advice } = known;
    const said = typeof what === "string" ? what : what(withinOf(failure));
    return { code: failure.code, message: `${said} ${where}${asked}${times}`, advice };
  }
  const what = `${failure.request ?? where}${saidBy(failure)}${times}`;
  return failure.at === "login" ? loginCause(failure, what) : connectCause(failure, what);
}

/** The text of a response, with its status unless the text names it; otherwise what went wrong. */
function saidBy({ status, message }: PrepareFailure): string {
  if (status === 0) return `: ${message}`;
  return message.includes(String(status)) ? ` answered ${message}` : ` answered HTTP ${status}: ${message}`;
}

function withinOf({ waitedUs }: PrepareFailure): string {
  return waitedUs === undefined ? "within the time limit" : `within ${formatUs(waitedUs)}`;
}

interface Known {
  /** `within` is the time limit. */
  readonly what: string | ((within: string) => string);
  readonly advice: string;
}

const UNREACHABLE: Known = {
  what: (within) => `no connection ${within} to`,
  advice: "a firewall, or a host that is down",
};
const SELF_SIGNED = { what: "a self-signed certificate at", advice: "name its CA under tls: { ca: … }" };

const SYSTEM: Readonly<Record<string, Known>> = {
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
  UND_ERR_CONNECT_TIMEOUT: UNREACHABLE,
  UND_ERR_HEADERS_TIMEOUT: {
    what: (within) => `no answer ${within} from`,
    advice:
      "the service accepts connections and does not answer: look at its own log, or raise connect.timeout",
  },
  ETIMEDOUT: UNREACHABLE,
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: SELF_SIGNED,
  SOCKET_IO_2: {
    what: "a server that speaks Socket.IO 2 (EIO=3), and not 3 or 4, at",
    advice: "upgrade the server's socket.io; `allowEIO3: true` keeps its old clients",
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    what: "a certificate of an unknown CA at",
    advice: "name its CA under tls: { ca: … }",
  },
};

function loginCause({ status, kind }: PrepareFailure, what: string): InvalidReason {
  if (kind === "auth") {
    const advice = "check the accounts of the target (and whether they must be registered first)";
    return { code: "login-refused", message: `log-in refused: ${what}`, advice };
  }
  if (status === 404 || status === 405) {
    const advice = "check authUrl, and the paths under the target's options";
    return { code: "login-not-found", message: `no log-in there: ${what}`, advice };
  }
  const advice = isRedirect(status)
    ? "redirects are not followed, as each would be timed with its request: put the address it leads to in the target"
    : "look at the backend's own log";
  return { code: "login-failed", message: `log-in failed: ${what}`, advice };
}

function connectCause({ kind, status }: PrepareFailure, what: string): InvalidReason {
  if (kind === "auth") {
    const advice =
      "the token was refused: try another carrier (header, subprotocol, query) under the target's options";
    return { code: "upgrade-refused", message: `the socket refused its users: ${what}`, advice };
  }
  if (kind === "timeout") {
    const advice = "the backend's own log shows whether the connection arrived, and what it waits for";
    return { code: "upgrade-timeout", message: `no socket could be opened: ${what}`, advice };
  }
  if (status > 0) {
    const advice = "check the path of the socket under the target's options";
    return { code: "upgrade-failed", message: `no socket could be opened: ${what}`, advice };
  }
  const advice = "the socket opens and closes at once: look at the backend's own log for the reason";
  return { code: "closed-at-once", message: `the socket closes at once: ${what}`, advice };
}

/** What failed before the load, as the report counts it. A first channel is tried for only a few users: each counts once. */
export function failedWhilePreparing(failures: readonly PrepareFailure[]): readonly FailedRequests[] {
  return failures.map(({ at, request, status, closeCode = 0, code, message, count }) => ({
    step: at,
    ...defined({ request }),
    status,
    closeCode,
    ...defined({ errorCode: code }),
    message: message.slice(0, 200),
    count,
    users: count,
    firstMs: 0,
  }));
}
