// Sends a request once more that a connection was closed upon as it went out, as browsers do.
//
// A server may close a connection that it has kept open at the very instant in which a client uses it again: neither is
// at fault. So a request goes out a second time, on a connection of its own, if all of this holds:
//   - its connection had carried other requests before: a server that closes fresh ones is not hidden
//   - not one byte of an answer had come
//   - it was closed at once: a server that worked on the request and then broke down is not hidden either
import { subscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import type { Dispatcher } from "undici";
import { nowUs } from "../../support/clock.js";
import { codeOf } from "../../support/errors.js";

/** A server that closes an idle connection does so within the time that a request takes to reach it. */
const AT_ONCE_US = 1_000_000;
const CLOSED: ReadonlySet<string | undefined> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** A request on its way. */
interface Outgoing {
  /** NaN while it waits for its connection. */
  sentUs: number;
  /** Its connection, had that carried others before. */
  reused: Socket | undefined;
  bytesRead: number;
}

/** Connections that have carried a request. */
const used = new WeakSet<Socket>();
/** The request that undici is about to write: it tells its connection within the same call. */
let starting: Outgoing | undefined;
let subscribed = false;
/** What failed as a connection was made. */
const refusals = new WeakSet<object>();

function onConnectError(message: unknown): void {
  const error: unknown = typeof message === "object" && message !== null && Reflect.get(message, "error");
  if (error instanceof Error) refusals.add(error);
}

function onSendHeaders(message: unknown): void {
  const socket: unknown = typeof message === "object" && message !== null && Reflect.get(message, "socket");
  if (!(socket instanceof Socket)) return;
  if (starting && used.has(socket)) {
    starting.reused = socket;
    starting.bytesRead = socket.bytesRead;
  }
  used.add(socket);
  starting = undefined;
}

/**
 * Dispatches a request whose body can be sent again.
 * @param again for the second time: gives each request a connection of its own
 */
export function dispatch(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
  again: () => Dispatcher,
): void {
  if (!subscribed) {
    subscribe("undici:client:sendHeaders", onSendHeaders);
    subscribe("undici:client:connectError", onConnectError);
    subscribed = true;
  }
  const attempt = (by: Dispatcher): void => {
    const outgoing: Outgoing = { sentUs: Number.NaN, reused: undefined, bytesRead: 0 };
    by.dispatch(request, {
      ...handler,
      onRequestStart(controller, context) {
        outgoing.sentUs = nowUs();
        starting = outgoing;
        handler.onRequestStart?.(controller, context);
      },
      onResponseError(controller, error) {
        if (by !== dispatcher || controller?.aborted === true || !wasClosedUpon(outgoing, error))
          handler.onResponseError?.(controller, error);
        else attempt(again());
      },
    });
  };
  attempt(dispatcher);
}

function wasClosedUpon({ sentUs, reused, bytesRead }: Outgoing, error: Error): boolean {
  if (!CLOSED.has(codeOf(error)) || refusals.has(error)) return false;
  // It waited for undici to see whether the connection was still there, which it was not.
  if (Number.isNaN(sentUs)) return true;
  return reused !== undefined && reused.bytesRead === bytesRead && nowUs() - sentUs < AT_ONCE_US;
}
