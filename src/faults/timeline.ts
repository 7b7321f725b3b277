// The timeline of faults as pure arithmetic: from the lines of a scenario to the start and end of each fault.
import type { FaultSpec } from "../scenarios/scenario.js";
import { randomFrom } from "../support/random.js";

/** One occurrence of a fault. Times in microseconds after the start of the ramp. */
export interface Occurrence {
  /** Position of the fault in the scenario's list, from 0. */
  readonly fault: number;
  /** Which occurrence of it, from 0. */
  readonly occurrence: number;
  readonly beginUs: number;
  /** Equal to `beginUs` for an instantaneous fault. */
  readonly endUs: number;
}

/** Time between a repeated fault's last end and the end of the load, so that its recovery can be measured. */
const ROOM_US = 10_000_000;

/** More than a plot can show or a log should hold. */
export const MAX_OCCURRENCES = 10_000;

/**
 * All occurrences of all faults, in order of their starts. The same seed gives the same times, and a fault's draws do not
 * depend on the other faults. A fault repeats as long as a whole occurrence, even at its latest, and {@link ROOM_US} after
 * it fit into the load.
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

/** Earliest start of each occurrence. The first is included even if it is after the load, so that it can be rejected. */
export function nominalBegins({ atUs, forUs, everyUs, jitterUs }: FaultSpec, loadUs: number): number[] {
  const begins = [atUs];
  if (everyUs === undefined || everyUs <= 0) return begins;
  for (let next = atUs + everyUs; next + jitterUs + forUs + ROOM_US <= loadUs; next += everyUs) {
    begins.push(next);
    if (begins.length > MAX_OCCURRENCES) break;
  }
  return begins;
}
