// The run's side of the hook runner: a separate process, so that faults are undone even after a crash.
import { type HookCall, isHook } from "../../faults/call.js";
import { type FromHookRunner, fromHookRunner, type ToHookRunner } from "../../faults/hook-runner/messages.js";
import { faultNamed } from "../../faults/index.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { MODEL_PLACE } from "../../scenarios/schema/model.js";
import { PendingRequests, startChild } from "../../support/child-process.js";
import type { ModelAddress } from "./run-model.js";

/** How long undoing everything at the end may take before the hook runner is given up. */
const END = { killMs: 600_000 };

export interface HookRunner {
  /** @returns what went wrong, bounded and not yet redacted; `undefined` for success */
  begin(key: string, begin: HookCall, undo: HookCall): Promise<string | undefined>;
  end(key: string): Promise<string | undefined>;
  /** Undoes what is still broken. */
  stop(): Promise<void>;
}

/** Only needed if a fault is a hook. */
export function hookRunnerFor(
  faults: Scenario["faults"],
  model: ModelAddress | undefined,
): HookRunner | undefined {
  const hooks = faults.some(({ action, options }) => {
    const named = faultNamed(action);
    return named.place === "target" && isHook(named.calls(options).begin);
  });
  return hooks ? startHookRunner(model) : undefined;
}

/** @param model the endpoint for the variables of {@link modelVariables} */
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

/** Variables that point a program at the endpoint. */
export function modelVariables({ url, key }: ModelAddress): Readonly<Record<string, string>> {
  const variables = { MODEL_URL: url, OPENAI_BASE_URL: `${url}/v1`, ANTHROPIC_BASE_URL: url };
  return key === undefined ? variables : { ...variables, OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key };
}

/** A hook with `${MODEL_URL}` replaced by the endpoint's address. */
export function withModel(call: HookCall, model: ModelAddress | undefined): HookCall {
  if (!model) return call;
  return JSON.parse(JSON.stringify(call).replaceAll(MODEL_PLACE, model.url));
}
