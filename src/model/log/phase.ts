// The stretches of a run's time, and which of them the SLAs judge.

export const PHASES = ["prepare", "baseline", "ramp", "hold", "drain", "settle"] as const;
export type PhaseName = (typeof PHASES)[number];

/** One stretch of load. Bounds are microseconds on the machine's monotonic clock; `endUs` is exclusive. */
export interface PhaseSpan {
  /** Unique key: the phase, or `hold/2` for the second step of the hold. */
  readonly key: string;
  readonly phase: PhaseName;
  /** What people call the step (`75 users`), when the phase has steps. */
  readonly label?: string;
  readonly startUs: number;
  readonly endUs: number;
}

/** The hold is what the SLAs judge; its steps are `hold/1`, `hold/2` … */
export function isJudged(phaseKey: string): boolean {
  return phaseKey === "hold" || phaseKey.startsWith("hold/");
}
