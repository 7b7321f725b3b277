// One open WebSocket of one user: writes frames in order, stamped at the last moment.
import type { WebSocket } from "ws";
import type { Counters } from "../counters.js";
import { stampUs } from "../stamps.js";
import type { Identity } from "../tokens.js";

export interface Connection {
  readonly id: string;
  readonly identity: Identity;
  isOpen(): boolean;
  /** Writes `{type, payload, timestamp}`. Without `stampedUs` the timestamp is taken right before the write. */
  send(type: string, payload: Readonly<Record<string, unknown>>, options?: SendOptions): void;
  close(code: number, reason: string): void;
  /** Without a farewell. */
  terminate(): void;
}

interface SendOptions {
  readonly stampedUs?: number;
  /** Delays the frame after stamping; frames behind it wait too. */
  readonly delayMs?: number;
}

/** A reader so slow that this much is waiting for it is cut off, instead of filling memory. */
const MAX_BUFFERED_BYTES = 8 * 1_048_576;

export function createConnection(
  id: string,
  identity: Identity,
  socket: WebSocket,
  counters: Counters,
): Connection {
  const waiting: { frame: string; dueUs: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const write = (frame: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
    else socket.send(frame);
  };
  const drain = (): void => {
    timer = undefined;
    for (let head = waiting[0]; head; head = waiting[0]) {
      const leftMs = (head.dueUs - stampUs()) / 1000;
      if (leftMs > 0) {
        timer = setTimeout(drain, Math.ceil(leftMs));
        return;
      }
      waiting.shift();
      write(head.frame);
    }
  };
  socket.once("close", () => clearTimeout(timer));

  return {
    id,
    identity,
    isOpen: () => socket.readyState === socket.OPEN,
    send(type, payload, { stampedUs, delayMs = 0 } = {}) {
      counters.countFrame(type);
      const us = stampedUs ?? stampUs();
      const frame = JSON.stringify({ type, payload, timestamp: us / 1_000_000 });
      if (delayMs === 0 && waiting.length === 0) {
        write(frame);
        return;
      }
      waiting.push({ frame, dueUs: us + delayMs * 1000 });
      if (!timer) drain();
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
}
