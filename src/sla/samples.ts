// How many samples a percentile needs, and how many may violate its limit: integer arithmetic, no rounding.

/** Confidence with which a percentile must have been sampled beyond its rank. */
const MISS_PROBABILITY = 0.05;

/**
 * Fewest samples of which a percentile may be judged: ⌈ln 0.05 / ln p⌉, at least 20
 * (with fewer, chance alone may keep every sample below the true percentile). p95: 59, p99: 299.
 */
export function minimumSamples(perHundredThousand: number): number {
  const p = perHundredThousand / 100_000;
  return Math.max(20, Math.ceil(Math.log(MISS_PROBABILITY) / Math.log(p)));
}

/** Violations that `pNN < limit` tolerates among n attempts: ⌊(1−p)·n⌋. */
export function toleratedViolations(perHundredThousand: number, n: number): number {
  return Math.floor(((100_000 - perHundredThousand) * n) / 100_000);
}

/**
 * Whether so many violations cannot be chance: the probability of at least `violations` of n, were the limit
 * just held, is under 5 % (binomial upper tail). Lets a clear failure be said where a pass could not be.
 */
export function violatesForCertain(perHundredThousand: number, n: number, violations: number): boolean {
  if (violations <= toleratedViolations(perHundredThousand, n)) return false;
  const q = (100_000 - perHundredThousand) / 100_000;
  let below = 0;
  let logTerm = n * Math.log1p(-q);
  for (let k = 0; k < violations; k++) {
    below += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1)) + Math.log(q / (1 - q));
  }
  return 1 - below < MISS_PROBABILITY;
}
