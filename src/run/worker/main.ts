// Entry point of a worker process: receives the coordinator's messages, sends the worker's.
import { loadExtensions } from "../../extensions/load.js";
import { withoutOwnEnvironment } from "../process/environment.js";
import type { FromWorker, WorkerPlan } from "../process/messages.js";
import { toWorker } from "../process/messages.js";
import { Worker } from "./worker.js";

let worker: Worker | undefined;

function tell(message: FromWorker): void {
  if (!process.connected) return;
  process.send?.(message, undefined, undefined, () => {
    // Disconnecting anywhere except in the callback of the last send can lose that message.
    if (message.type === "done" && process.connected) process.disconnect();
  });
}

function bug(error: unknown): void {
  if (worker?.claims(error)) return;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (worker) worker.tellBug(stack);
  else tell({ type: "bug", worker: 0, stack });
}

async function prepare(plan: WorkerPlan): Promise<void> {
  const { extensions = [] } = plan.scenario;
  // The user's own code gets only the secrets it names, not whatever is in the environment.
  if (extensions.length > 0) withoutOwnEnvironment(process.env);
  const loaded = (await Promise.all(extensions.map(loadExtensions))).flat();
  worker = new Worker(plan, tell, loaded);
  await worker.prepare();
}

process.on("message", (received) => {
  const message = toWorker(received);
  if (message.type === "prepare") prepare(message.plan).catch(bug);
  else worker?.handle(message).catch(bug);
});
// The coordinator decides when to end; signals from a terminal or a job reach the whole process group.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
// Without a coordinator, nobody needs the result any more.
process.on("disconnect", () => process.exit(0));
process.on("uncaughtException", bug);
process.on("unhandledRejection", bug);
