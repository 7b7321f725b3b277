// Entry of a worker process: the coordinator's messages in, the worker's out.
import { toWorker } from "../process/message-schemas.js";
import type { FromWorker } from "../process/messages.js";
import { Worker } from "./worker.js";

let worker: Worker | undefined;

function tell(message: FromWorker): void {
  if (!process.connected) return;
  process.send?.(message, undefined, undefined, () => {
    // Disconnecting anywhere but in the callback of the last send can lose it.
    if (message.type === "done" && process.connected) process.disconnect();
  });
}

function bug(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (worker) worker.tellBug(stack);
  else tell({ type: "bug", worker: 0, stack });
}

process.on("message", (received) => {
  const message = toWorker(received);
  if (message.type === "prepare") {
    worker = new Worker(message.plan, tell);
    worker.prepare().catch(bug);
  } else worker?.handle(message).catch(bug);
});
// The coordinator decides about the end; what ends a terminal or a job reaches the whole group.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
// Without a coordinator nobody wants the result any more.
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", bug);
process.on("unhandledRejection", bug);
