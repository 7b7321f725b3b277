// Everything that has to stand before a run and be taken down after it: target, way, and the hands of its faults.
import type { Scenario } from "../../scenarios/scenario.js";
import { hostTarget } from "./embedded-target.js";
import { type FaultExecutor, faultExecutor } from "./fault-executor.js";
import { openFaultProxy } from "./fault-proxy.js";

export interface TargetSetup {
  /** The scenario with the address of its target filled in. */
  readonly scenario: Scenario;
  /** The same as its users need it: through the fault proxy, where one is asked for. */
  readonly forUsers: Scenario;
  readonly executor: FaultExecutor;
  /** Mends what is still broken, then stops everything. */
  stop(): Promise<void>;
}

export async function setUpTarget(scenario: Scenario): Promise<TargetSetup> {
  const hosted = await hostTarget(scenario);
  try {
    const proxy = await openFaultProxy(hosted.scenario);
    const executor = faultExecutor(scenario, proxy, hosted);
    return {
      scenario: hosted.scenario,
      forUsers: proxy.scenario,
      executor,
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
