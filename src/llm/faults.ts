// Faults of a model: which call gets which, by time, share and user; drawn from a seed.
import type { Random } from "../support/random.js";

export const MODEL_FAULTS = ["429", "500", "timeout", "cut", "malformed", "slow", "empty"] as const;
export type ModelFaultKind = (typeof MODEL_FAULTS)[number];

export interface ModelFault {
  readonly kind: ModelFaultKind;
  /** From so long after the endpoint started, microseconds. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Of the calls in that time, 0 to 1. */
  readonly share: number;
  /** Only calls for one of these; all where it is empty. */
  readonly users: readonly string[];
  /** Of `429`: what Retry-After says, whole seconds. */
  readonly retryAfterS: number;
  /** Of `slow`: by how much tokens take longer. */
  readonly factor: number;
}

/**
 * The first fault that strikes this call; one number is drawn for each that could.
 * @param whom names that are known of whom the call is for
 */
export function faultFor(
  faults: readonly ModelFault[],
  whom: readonly (string | undefined)[],
  sinceUs: number,
  random: Random,
): ModelFault | undefined {
  return faults.find(
    ({ fromUs, untilUs, share, users }) =>
      sinceUs >= fromUs &&
      sinceUs < untilUs &&
      (users.length === 0 || whom.some((name) => name !== undefined && users.includes(name))) &&
      random.next() < share,
  );
}

/** A fault that always strikes, as a caller may ask for by header where the endpoint allows it. */
export function certainFault(kind: ModelFaultKind): ModelFault {
  return {
    kind,
    fromUs: 0,
    untilUs: Number.MAX_SAFE_INTEGER,
    share: 1,
    users: [],
    retryAfterS: 1,
    factor: 10,
  };
}
