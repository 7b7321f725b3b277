// When the baseline step ends: once it has the samples of a p95, or its time is up.
import type { RunPlan } from "../plan/plan.js";

/** Most time it takes to reach all workers. */
const ROUND_US = 500_000;

export interface BaselineSoFar {
  /** Turns measured so far. */
  readonly turns: number;
  /** The last second that all workers have reported. */
  readonly second: number;
  readonly startUs: number;
  readonly nowUs: number;
}

/**
 * When the ramp begins; `undefined` while the baseline lasts. A whole second later, so that every worker knows in time
 * and no second mixes two phases; where seconds arrive late, as over a fleet, the next one that can still reach all of them.
 */
export function rampAfter(
  { turns, second, startUs, nowUs }: BaselineSoFar,
  plan: Pick<RunPlan, "baselineSamples" | "baselineCapUs">,
): number | undefined {
  const capped = (second + 1) * 1_000_000 >= plan.baselineCapUs;
  if (turns < plan.baselineSamples && !capped) return undefined;
  const reached = Math.ceil((nowUs + ROUND_US - startUs) / 1_000_000);
  return startUs + Math.max(second + 2, reached) * 1_000_000;
}
