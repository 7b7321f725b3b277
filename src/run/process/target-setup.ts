// Everything that has to stand before a run and be taken down after it: target, way, and the hands of its faults.
import type { Scenario } from "../../scenarios/scenario.js";
import { hostTarget } from "./embedded-target.js";
import { type FaultHands, faultHands } from "./fault-executor.js";
import { openWay } from "./fault-proxy.js";

export interface Stage {
  /** The scenario with the address of its target filled in. */
  readonly scenario: Scenario;
  /** The same as its users need it: through the fault proxy, where one is asked for. */
  readonly forUsers: Scenario;
  readonly hands: FaultHands;
  /** Mends what is still broken, then stops everything. */
  stop(): Promise<void>;
}

export async function setStage(scenario: Scenario): Promise<Stage> {
  const hosted = await hostTarget(scenario);
  try {
    const way = await openWay(hosted.scenario);
    const hands = faultHands(scenario, way, hosted);
    return {
      scenario: hosted.scenario,
      forUsers: way.scenario,
      hands,
      stop: async () => {
        await hands.stop();
        await way.stop();
        await hosted.stop();
      },
    };
  } catch (error) {
    await hosted.stop();
    throw error;
  }
}
