// The hook runner as the run sees it: a process of its own, so that what was broken is fixed even after a crash.
import type { HookCall } from "../../faults/call.js";
import { type FromHookRunner, fromHookRunner, type ToHookRunner } from "../../faults/hook-runner/messages.js";
import { PendingRequests, startChild } from "../../support/child-process.js";
import { type ModelAddress, modelVariables, withModel } from "./run-model.js";

/** Undoing everything at the end may take so long before the hook runner is given up. */
const END = { killMs: 600_000 };

export interface HookRunner {
  /** @returns what went wrong, bounded and not yet redacted; `undefined` for success */
  begin(key: string, begin: HookCall, undo: HookCall): Promise<string | undefined>;
  end(key: string): Promise<string | undefined>;
  /** Undoes what is still broken. */
  stop(): Promise<void>;
}

/** @param model what hooks may ask for by the variables of {@link modelVariables} */
export function startHookRunner(model?: ModelAddress): HookRunner {
  const child = startChild<ToHookRunner, FromHookRunner>({
    entry: "faults/hook-runner/main",
    env: model && modelVariables(model),
    parse: (message) => fromHookRunner.parse(message),
  });
  const requests = new PendingRequests<string | undefined>(child, "the process that runs the hooks is gone");
  child.listen(({ key, edge, failure }) => requests.answer(`${edge} ${key}`, failure));
  const ask = (message: ToHookRunner): Promise<string | undefined> =>
    requests.ask(`${message.type} ${message.key}`, () => child.tell(message));
  return {
    begin: (key, begin, undo) =>
      ask({ type: "begin", key, begin: withModel(begin, model), undo: withModel(undo, model) }),
    end: (key) => ask({ type: "end", key }),
    async stop() {
      await child.end(END);
    },
  };
}
