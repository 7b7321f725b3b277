// The keeper of hooks as the run sees it: a process of its own, so that what was broken is mended even after a crash.
import type { HookCall } from "../../faults/call.js";
import type { FromHookRunner, ToHookRunner } from "../../faults/hook-runner/messages.js";
import { startChild } from "./child-process.js";

/** Longest that undoing everything may take at the end, before the keeper is given up. */
const PATIENCE_MS = 600_000;
const GONE = "the process that keeps the hooks is gone";

export interface HookRunner {
  /** @returns what went wrong, bounded and not yet redacted; `undefined` for success */
  begin(key: string, begin: HookCall, undo: HookCall): Promise<string | undefined>;
  end(key: string): Promise<string | undefined>;
  /** Undoes what is still broken. */
  stop(): Promise<void>;
}

export function startHookRunner(): HookRunner {
  const waiting = new Map<string, (failure: string | undefined) => void>();
  let gone = false;
  const child = startChild<ToHookRunner, FromHookRunner>(
    "faults/hook-runner/main",
    ({ key, edge, failure }) => {
      waiting.get(`${edge} ${key}`)?.(failure);
      waiting.delete(`${edge} ${key}`);
    },
  );
  void child.gone.then(() => {
    gone = true;
    for (const done of waiting.values()) done(GONE);
    waiting.clear();
  });
  const ask = (name: string, message: ToHookRunner): Promise<string | undefined> => {
    if (gone) return Promise.resolve(GONE);
    return new Promise((resolve) => {
      waiting.set(name, resolve);
      child.tell(message);
    });
  };
  return {
    begin: (key, begin, undo) => ask(`begin ${key}`, { type: "begin", key, begin, undo }),
    end: (key) => ask(`end ${key}`, { type: "end", key }),
    stop: () => child.end(PATIENCE_MS),
  };
}
