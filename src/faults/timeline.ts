// The timeline of faults as pure arithmetic: from the lines of a scenario to the instants at which each begins and ends.
import type { FaultSpec } from "../scenarios/scenario.js";
import { randomFrom } from "../support/random.js";

/** One time that a fault happens. Instants in microseconds after the ramp began. */
export interface Occurrence {
  /** Position of the fault in the scenario's list, from 0. */
  readonly fault: number;
  /** How many-th time, from 0. */
  readonly occurrence: number;
  readonly beginUs: number;
  /** Equal to `beginUs` for what is over at once. */
  readonly endUs: number;
}

/** A repeated fault leaves this much of the load free after its last end, so that its recovery can be measured. */
const ROOM_US = 10_000_000;

/** More than a plot can show or a log should hold. */
export const MOST_OCCURRENCES = 10_000;

/**
 * All occurrences of all faults, in the order in which they begin. The same seed gives the same instants, and a fault's
 * draws do not depend on the other faults. What is repeated goes on while a whole occurrence, at its latest, and
 * {@link ROOM_US} lie within the load.
 */
export function occurrences(faults: readonly FaultSpec[], seed: number, loadUs: number): Occurrence[] {
  return faults
    .flatMap((spec, fault) => {
      const random = randomFrom(seed, "fault", fault);
      return nominalBegins(spec, loadUs).map((nominalUs, occurrence): Occurrence => {
        const beginUs = nominalUs + Math.floor(random.next() * (spec.jitterUs + 1));
        return { fault, occurrence, beginUs, endUs: beginUs + spec.forUs };
      });
    })
    .sort((a, b) => a.beginUs - b.beginUs || a.fault - b.fault);
}

/** When each occurrence begins at the earliest. The first is there even if it lies beyond the load, so that it can be refused. */
export function nominalBegins({ atUs, forUs, everyUs, jitterUs }: FaultSpec, loadUs: number): number[] {
  const begins = [atUs];
  if (everyUs === undefined || everyUs <= 0) return begins;
  for (let next = atUs + everyUs; next + jitterUs + forUs + ROOM_US <= loadUs; next += everyUs) {
    begins.push(next);
    if (begins.length > MOST_OCCURRENCES) break;
  }
  return begins;
}
