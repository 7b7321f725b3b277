// The embedded backend of a run: started before it, stopped after it, whatever happens in between.
import { startReference } from "../reference/launch.js";
import type { ReferenceOptions } from "../reference/options.js";
import type { Scenario } from "../scenarios/scenario.js";

export interface Hosted {
  /** The scenario with the address of its target filled in. */
  readonly scenario: Scenario;
  stop(): Promise<void>;
}

/** Starts the reference backend where the target is embedded; any other target is taken as it is. */
export async function hostTarget(scenario: Scenario, options: ReferenceOptions = {}): Promise<Hosted> {
  if (!scenario.target.embedded) return { scenario, stop: async () => {} };
  const reference = await startReference(options);
  return {
    scenario: { ...scenario, target: { ...scenario.target, url: reference.url, clock: "same" } },
    stop: async () => {
      await reference.stop();
    },
  };
}
