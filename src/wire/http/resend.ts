// Resends a request whose connection was closed while it was being sent, as browsers do.
//
// A server may close an idle connection just as a client reuses it: neither is at fault. So a request is sent a second
// time, on a connection of its own, if all of these are true:
//   - its connection had carried other requests before, so a server that closes new ones is still noticed
//   - not one byte of an answer had arrived
//   - it was closed at once, so a server that worked on the request and then crashed is still noticed
import { subscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import type { Dispatcher } from "undici";
import { nowUs } from "../../support/clock.js";
import { codeOf } from "../../support/errors.js";

/** If a server closes an idle connection, it does so before the request can reach it. */
const AT_ONCE_US = 1_000_000;
const CLOSED: ReadonlySet<string | undefined> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** A request being sent. */
interface Outgoing {
  /** NaN while it waits for a connection. */
  sentUs: number;
  /** Its connection, if that had carried other requests before. */
  reused: Socket | undefined;
  bytesRead: number;
}

/** Connections that have carried a request. */
const used = new WeakSet<Socket>();
/** The request that undici is about to write: its connection becomes known within the same call. */
let starting: Outgoing | undefined;
let subscribed = false;
/** Errors of connection attempts. */
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
 * @param again dispatcher for the second time: gives each request its own connection
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
  // undici noticed that the connection was gone before it sent anything.
  if (Number.isNaN(sentUs)) return true;
  return reused !== undefined && reused.bytesRead === bytesRead && nowUs() - sentUs < AT_ONCE_US;
}
