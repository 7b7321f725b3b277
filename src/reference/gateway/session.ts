// One WebSocket session from welcome to close: incoming frames in order, heartbeats, and the expiry of its token.
import type { WebSocket } from "ws";
import { messageOf } from "../../support/errors.js";
import type { Service } from "../service.js";
import {
  type BadFrame,
  type ClientFrame,
  readClientFrame,
  type StopFrame,
  type UserMessage,
} from "../socket/client-frames.js";
import { type Connection, createConnection } from "../socket/connection.js";
import { stampSeconds, stampUs } from "../stamps.js";
import { StoreUnavailable } from "../storage/store.js";
import type { Identity } from "../tokens.js";
import { Rejection } from "../turns/acceptance.js";
import type { EventDelivery } from "../turns/delivery.js";

export interface SessionDeps {
  readonly service: Service;
  readonly delivery: EventDelivery;
  /** `false`: no such run is in progress. */
  readonly stop: (connection: Connection, frame: StopFrame) => boolean;
  /** Throws Rejection or StoreUnavailable. */
  readonly accept: (connection: Connection, message: UserMessage) => Promise<void>;
}

/** Frames of one socket that may wait; with more, the socket is not read until they are done. */
const MAX_WAITING_FRAMES = 64;
/** Longest timer in Node. */
const MAX_TIMER_MS = 2_147_483_647;

/** Takes over an upgraded socket. */
export function openSession(deps: SessionDeps, id: string, identity: Identity, socket: WebSocket): void {
  const { service, delivery } = deps;
  const { userId } = identity;
  socket.on("error", () => socket.terminate());
  service.counters.count("connectionsEver");
  if (service.defects.claim("close-at-once", { userId })) {
    socket.close(1011, "closed at once");
    return;
  }
  const connection = createConnection(id, identity, socket, service.counters);
  connection.send("connection_established", { user_id: userId, connection_id: id });
  delivery.attach(connection);
  const stopBeating = beat(service, connection, socket);
  const stopWatching = closeAtExpiry(service, connection);
  readInOrder(deps, connection, socket);
  socket.once("close", () => {
    stopBeating();
    stopWatching();
    service.counters.count("connectionsLost");
    delivery.detach(connection);
  });
}

/** Handles frames of one socket one by one, so that messages keep their order. */
function readInOrder(deps: SessionDeps, connection: Connection, socket: WebSocket): void {
  let tail = Promise.resolve();
  let waiting = 0;
  socket.on("message", (data, isBinary) => {
    const frame = readClientFrame(data, isBinary, deps.service.settings.limits.jsonDepth);
    if (++waiting > MAX_WAITING_FRAMES) socket.pause();
    tail = tail
      .then(() => handle(deps, connection, frame))
      .then(() => {
        if (--waiting < MAX_WAITING_FRAMES && socket.isPaused) socket.resume();
      });
  });
}

/** Never rejects: failures reach the client as an `error`. */
async function handle(
  deps: SessionDeps,
  connection: Connection,
  frame: ClientFrame | BadFrame,
): Promise<void> {
  switch (frame.kind) {
    case "ping":
      connection.send("pong", { user_id: connection.identity.userId });
      return;
    case "pong":
      return;
    case "resume":
      if (!deps.delivery.resume(connection, frame.runId, frame.afterSeq)) {
        reject(connection, "unknown_run", "no such run (any more)", { run_id: frame.runId });
      }
      return;
    case "stop":
      if (!deps.stop(connection, frame)) {
        const ids = { ...named("run_id", frame.runId), ...named("message_id", frame.messageId) };
        reject(connection, "not_running", "no such run is under way", ids);
      }
      return;
    case "approval": {
      const { approvalId, decision } = frame;
      const result = deps.service.approvals.decide(connection.identity.userId, approvalId, decision);
      if (result !== "accepted")
        reject(connection, result, "this is not yours to decide now", { approval_id: approvalId });
      return;
    }
    case "bad":
      deps.service.counters.count("messagesRejected");
      reject(connection, frame.code, frame.error, frame.messageId ? { message_id: frame.messageId } : {});
      return;
    case "message":
      deps.service.traces.message(frame.messageId, frame.traceparent);
      try {
        await deps.accept(connection, frame);
      } catch (error) {
        deps.service.counters.count("messagesRejected");
        const { code, text } = errorFor(deps.service, error);
        reject(connection, code, text, { message_id: frame.messageId, thread_id: frame.threadId });
      }
  }
}

function named(key: string, id: string | undefined): Record<string, string> {
  return id === undefined ? {} : { [key]: id };
}

function errorFor(service: Service, error: unknown): { code: string; text: string } {
  if (error instanceof Rejection) return { code: error.code, text: error.message };
  if (error instanceof StoreUnavailable)
    return { code: "unavailable", text: "the service cannot store messages right now" };
  service.log.error({ error: messageOf(error) }, "a frame could not be handled");
  return { code: "internal", text: "the message could not be accepted" };
}

function reject(connection: Connection, code: string, error: string, ids: Record<string, string>): void {
  connection.send("error", {
    code,
    error,
    user_message: `Your message was not accepted: ${error}.`,
    ...ids,
    user_id: connection.identity.userId,
  });
}

/** Protocol pings find dead peers; `heartbeat` frames keep proxies from closing an idle socket. */
function beat(service: Service, connection: Connection, socket: WebSocket): () => void {
  let missed = 0;
  socket.on("pong", () => {
    missed = 0;
  });
  const timer = setInterval(() => {
    if (missed++ >= 2) {
      socket.terminate();
      return;
    }
    socket.ping();
    connection.send("heartbeat", { server_time: stampSeconds() });
  }, service.settings.heartbeatMs);
  return () => clearInterval(timer);
}

function closeAtExpiry(service: Service, connection: Connection): () => void {
  const { userId, expiresAt } = connection.identity;
  const leftMs = (): number => expiresAt * 1000 - stampUs() / 1000;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    if (leftMs() > 0) timer = setTimeout(arm, Math.min(MAX_TIMER_MS, Math.ceil(leftMs())));
    else if (!service.defects.claim("socket-outlives-token", { userId }))
      connection.close(1008, "token expired");
  };
  timer = setTimeout(arm, Math.max(0, Math.min(MAX_TIMER_MS, Math.ceil(leftMs()))));
  return () => clearTimeout(timer);
}
