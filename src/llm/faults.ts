// Faults of a model: which fault a call gets, by time, share and user; drawn from a seed.
import type { Random } from "../support/random.js";

export const MODEL_FAULTS = ["429", "500", "timeout", "cut", "malformed", "slow", "empty"] as const;
export type ModelFaultKind = (typeof MODEL_FAULTS)[number];

export interface ModelFault {
  readonly kind: ModelFaultKind;
  /** Start, microseconds after the endpoint's start. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** Share of the calls in that time, 0 to 1. */
  readonly share: number;
  /** Only calls for these users; if empty, all calls. */
  readonly users: readonly string[];
  /** For `429`: the value of Retry-After, whole seconds. */
  readonly retryAfterS: number;
  /** For `slow`: how many times longer tokens take. */
  readonly factor: number;
}

/**
 * The first fault that strikes this call; one number is drawn for each that could.
 * @param whom known names of the user whom the call is for
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

/** A fault that always strikes: for a caller that requests it by header, if the endpoint allows that. */
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
