// Sets up what surrounds a target and takes it down again: an embedded backend, the fault proxy, the hooks.
import { isHook, type TargetCall } from "../../faults/call.js";
import { faultNamed } from "../../faults/index.js";
import type { WayOrder } from "../../faults/proxy/conditions.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { type Hosted, hostTarget } from "./embedded-target.js";
import { type FaultProxy, openFaultProxy } from "./fault-proxy.js";
import { startHookRunner } from "./hook-runner.js";
import { backendOptions, type ModelAddress } from "./run-model.js";

export interface TargetSetup {
  /** The scenario with the address of its target filled in. */
  readonly scenario: Scenario;
  /** The same as its users need it: through the fault proxy, where one is asked for. */
  readonly forUsers: Scenario;
  readonly executor: FaultExecutor;
  /** See {@link Hosted.waitedUs}. */
  readonly waitedUs: Hosted["waitedUs"];
  /** Undoes what is still broken, then stops everything. */
  stop(): Promise<void>;
}

/** @param model the run's own model endpoint, for an embedded backend and for hooks */
export async function setUpTarget(scenario: Scenario, model?: ModelAddress): Promise<TargetSetup> {
  const hosted = await hostTarget(scenario, model && backendOptions(model));
  try {
    const proxy = await openFaultProxy(hosted.scenario);
    const executor = faultExecutor(scenario, proxy, hosted, model);
    return {
      scenario: hosted.scenario,
      forUsers: proxy.scenario,
      executor,
      waitedUs: hosted.waitedUs,
      stop: async () => {
        await executor.stop();
        await proxy.stop();
        await hosted.stop();
      },
    };
  } catch (error) {
    await hosted.stop();
    throw error;
  }
}

interface Calls {
  readonly begin: TargetCall;
  readonly undo: TargetCall;
}

/** Everything resolves with what went wrong, not yet redacted, or `undefined`; nothing rejects. */
export interface FaultExecutor {
  obey(order: WayOrder): Promise<string | undefined>;
  begin(key: string, calls: Calls): Promise<string | undefined>;
  end(key: string, calls: Calls): Promise<string | undefined>;
  /** Undoes what a hook broke and nothing has undone yet. */
  stop(): Promise<void>;
}

function faultExecutor(
  scenario: Scenario,
  proxy: FaultProxy,
  hosted: Hosted,
  model: ModelAddress | undefined,
): FaultExecutor {
  const hooks = usesHooks(scenario) ? startHookRunner(model) : undefined;
  const host = async (call: TargetCall): Promise<string | undefined> =>
    isHook(call) ? "no hook runner was started" : hosted.act(call);
  return {
    obey: (order) => proxy.obey(order),
    begin(key, { begin, undo }) {
      return hooks && isHook(begin) && isHook(undo) ? hooks.begin(key, begin, undo) : host(begin);
    },
    end: (key, { undo }) => (hooks && isHook(undo) ? hooks.end(key) : host(undo)),
    stop: async () => hooks?.stop(),
  };
}

function usesHooks({ faults }: Scenario): boolean {
  return faults.some(({ action, options }) => {
    const named = faultNamed(action);
    return named.place === "target" && isHook(named.calls(options).begin);
  });
}
