// Starts the reference backend as a separate process, and reliably stops it.
import { rm } from "node:fs/promises";
import { type ChildExit, startChild, untilReady } from "../support/child-process.js";
import { type FromReference, fromReference, type ToReference } from "./messages.js";
import type { ReferenceOptions } from "./options.js";
import type { ReferenceAddress } from "./server.js";

export interface Reference extends ReferenceAddress {
  readonly pid: number;
  /** Graceful, then TERM, then KILL. Resolves when the process is gone; may be called again. */
  stop(): Promise<ChildExit>;
  /** KILL at once. Resolves when the process is gone. */
  kill(): Promise<ChildExit>;
  /** Calls back once when the process ends, even if it has already ended. */
  onExit(callback: (exit: ChildExit) => void): void;
}

const NAME = "the reference backend";
/** It closes on its own; TERM, then KILL, if it takes too long. */
const END = { termMs: 3000, killMs: 5000 };

/** Rejects if the backend does not become ready; no process is left behind then. */
export async function startReference(options: ReferenceOptions = {}): Promise<Reference> {
  const child = startChild<ToReference, FromReference>({
    entry: "reference/main",
    parse: (message) => fromReference.parse(message),
  });
  child.listen((message) => {
    if (message.type === "listening") child.tell({ type: "start", options });
  });
  const { address, temporaryDirectory } = await untilReady(child, {
    name: NAME,
    answerIn(message) {
      if (message.type === "failed") throw new Error(`${NAME} could not start: ${message.message}`);
      return message.type === "ready" ? message : undefined;
    },
  });
  // Normally the child has done so itself, but a killed one could not.
  const cleaned = child.exited.then(async (exit) => {
    if (temporaryDirectory) await rm(temporaryDirectory, { recursive: true, force: true });
    return exit;
  });
  return {
    ...address,
    pid: child.pid ?? 0,
    async stop() {
      await child.end(END, { type: "stop" });
      return cleaned;
    },
    async kill() {
      await child.kill();
      return cleaned;
    },
    onExit: (callback) => void cleaned.then(callback),
  };
}
