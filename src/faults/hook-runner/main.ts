// Entry point of the hook runner's process: calls hooks for the run, and repairs what is still broken when it is gone.
import type { HookCall } from "../call.js";
import { callHook } from "./hooks.js";
import { type FromHookRunner, toHookRunner } from "./messages.js";

/** What is broken now, oldest first, with the call that repairs it. */
const broken = new Map<string, HookCall>();
/** Last call per key: calls with one key run in order, so an undo never overtakes its begin. */
const tails = new Map<string, Promise<void>>();

function tell(message: FromHookRunner): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function begin(key: string, call: HookCall, undo: HookCall): Promise<void> {
  broken.set(key, undo);
  const failure = await callHook(call);
  tell({ type: "done", key, edge: "begin", failure });
}

async function end(key: string): Promise<void> {
  const undo = broken.get(key);
  if (!undo) return;
  const failure = await callHook(undo);
  broken.delete(key);
  tell({ type: "done", key, edge: "end", failure });
}

function inTurn(key: string, work: () => Promise<void>): Promise<void> {
  const next = (tails.get(key) ?? Promise.resolve()).then(work);
  tails.set(key, next);
  return next;
}

async function mendAll(): Promise<void> {
  for (const key of [...broken.keys()].reverse()) await inTurn(key, () => end(key));
}

process.on("message", (received) => {
  const parsed = toHookRunner.safeParse(received);
  // A run that sends invalid messages is as good as gone: disconnecting repairs everything.
  if (!parsed.success) return process.disconnect();
  const message = parsed.data;
  if (message.type === "begin")
    void inTurn(message.key, () => begin(message.key, message.begin, message.undo));
  else void inTurn(message.key, () => end(message.key));
});
// Ctrl-C reaches the whole process group; the run says when to undo, or its disconnect does.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.on("disconnect", () => void mendAll());
