// How many samples a percentile needs, and how many may exceed its limit: integer arithmetic, no rounding.

/** Acceptable probability that no sample lies beyond the percentile's rank. */
const MISS_PROBABILITY = 0.05;

/**
 * Fewest samples to judge a percentile: ⌈ln 0.05 / ln p⌉, at least 20 (with fewer, all samples may be below the true
 * percentile by chance). p95: 59, p99: 299.
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
 * Whether this many violations cannot be chance: if the limit were just met, the probability of at least `violations` of
 * n would be under 5 % (binomial upper tail). Allows a clear fail with too few samples for a pass.
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
