// Sets up what surrounds a target and takes it down again: an embedded backend, the fault proxy, the hooks.
import { isHook, type TargetCall } from "../../faults/call.js";
import type { NetworkOrder } from "../../faults/proxy/conditions.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { type Hosted, hostTarget } from "./embedded-target.js";
import { openFaultProxy } from "./fault-proxy.js";
import { hookRunnerFor } from "./hook-runner.js";
import type { ModelAddress } from "./run-model.js";

export interface TargetSetup {
  /** The scenario with the address of its target filled in. */
  readonly scenario: Scenario;
  /** The same for its users: through the fault proxy, if there is one. */
  readonly forUsers: Scenario;
  readonly executor: FaultExecutor;
  /** See {@link Hosted.waitedUs}. */
  readonly waitedUs: Hosted["waitedUs"];
  /** Undoes what is still broken, then stops everything. */
  stop(): Promise<void>;
}

interface Calls {
  readonly begin: TargetCall;
  readonly undo: TargetCall;
}

/** Everything resolves with an error text, not yet redacted, or `undefined`; nothing rejects. */
export interface FaultExecutor {
  obey(order: NetworkOrder): Promise<string | undefined>;
  begin(key: string, calls: Calls): Promise<string | undefined>;
  end(key: string, calls: Calls): Promise<string | undefined>;
}

/** @param model the run's own model endpoint, for an embedded backend and for hooks */
export async function setUpTarget(scenario: Scenario, model?: ModelAddress): Promise<TargetSetup> {
  const hosted = await hostTarget(scenario, model);
  try {
    const proxy = await openFaultProxy(hosted.scenario);
    const hooks = hookRunnerFor(scenario.faults, model);
    const host = async (call: TargetCall): Promise<string | undefined> =>
      isHook(call) ? "no hook runner was started" : hosted.act(call);
    return {
      scenario: hosted.scenario,
      forUsers: proxy.scenario,
      executor: {
        obey: (order) => proxy.obey(order),
        begin(key, { begin, undo }) {
          return hooks && isHook(begin) && isHook(undo) ? hooks.begin(key, begin, undo) : host(begin);
        },
        end: (key, { undo }) => (hooks && isHook(undo) ? hooks.end(key) : host(undo)),
      },
      waitedUs: hosted.waitedUs,
      async stop() {
        await hooks?.stop();
        await proxy.stop();
        await hosted.stop();
      },
    };
  } catch (error) {
    await hosted.stop();
    throw error;
  }
}
