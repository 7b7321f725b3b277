// The phases of a run, and which of them the SLAs judge.

export const PHASES = ["prepare", "baseline", "ramp", "hold", "drain", "settle"] as const;
export type PhaseName = (typeof PHASES)[number];

/** Bounds are microseconds on the machine's monotonic clock; `endUs` is exclusive. */
export interface PhaseSpan {
  /** Unique key: the phase, or `hold/2` for the second step of the hold. */
  readonly key: string;
  readonly phase: PhaseName;
  /** Of a step, for people: `75 users`. */
  readonly label?: string;
  readonly startUs: number;
  readonly endUs: number;
}

/** The SLAs judge the hold; its steps are `hold/1`, `hold/2` … */
export function isJudged(phaseKey: string): boolean {
  return phaseKey === "hold" || phaseKey.startsWith("hold/");
}

/**
 * The phase of one second of the run. A second only partly in the hold does not count as hold: users are still joining,
 * or have left.
 * @param spans ascending, without gaps
 */
export function phaseOfSecond(spans: readonly PhaseSpan[], fromUs: number): string {
  const at = (us: number): string => spans.find(({ endUs }) => us < endUs)?.key ?? "drain";
  const middle = at(fromUs + 500_000);
  return [middle, at(fromUs), at(fromUs + 999_999)].find((key) => !isJudged(key)) ?? middle;
}
