// What a run can lay its hands on to break and mend: the way, the hooks, and the backend that it started itself.

import { isHook, type TargetCall } from "../../faults/call.js";
import { faultNamed } from "../../faults/index.js";
import type { WayOrder } from "../../faults/proxy/conditions.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { Hosted } from "./embedded-target.js";
import type { FaultProxy } from "./fault-proxy.js";
import { type HookRunner, startHookRunner } from "./hook-runner.js";

interface Calls {
  readonly begin: TargetCall;
  readonly undo: TargetCall;
}

/** Everything resolves with what went wrong, not yet redacted, or `undefined`; nothing rejects. */
export interface FaultExecutor {
  obey(order: WayOrder): Promise<string | undefined>;
  begin(key: string, calls: Calls): Promise<string | undefined>;
  end(key: string, calls: Calls): Promise<string | undefined>;
  /** Mends what a hook broke and nobody mended. */
  stop(): Promise<void>;
}

export function faultExecutor(scenario: Scenario, proxy: FaultProxy, hosted: Hosted): FaultExecutor {
  const keeper: HookRunner | undefined = usesHooks(scenario) ? startHookRunner() : undefined;
  const host = async (call: TargetCall): Promise<string | undefined> =>
    isHook(call) ? "no keeper of hooks was started" : hosted.act(call);
  return {
    obey: (order) => proxy.obey(order),
    begin(key, { begin, undo }) {
      return keeper && isHook(begin) && isHook(undo) ? keeper.begin(key, begin, undo) : host(begin);
    },
    end: (key, { undo }) => (keeper && isHook(undo) ? keeper.end(key) : host(undo)),
    stop: async () => keeper?.stop(),
  };
}

function usesHooks({ faults }: Scenario): boolean {
  return faults.some(({ action, options }) => {
    const named = faultNamed(action);
    return named.place === "target" && isHook(named.calls(options).begin);
  });
}
