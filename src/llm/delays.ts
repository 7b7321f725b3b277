// How long a model takes until its first token and between tokens: fixed, uniform, or log-normal.
import type { Random } from "../support/random.js";

/** Microseconds; `spread` is the standard deviation of the logarithm. */
export type Delay =
  | { readonly kind: "fixed"; readonly us: number }
  | { readonly kind: "even"; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: "log-normal"; readonly medianUs: number; readonly spread: number };

export const NO_DELAY: Delay = { kind: "fixed", us: 0 };
/** No draw exceeds this, whatever the distribution says. */
const MAX_US = 600_000_000;
/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.326_347_874;

/** A log-normal delay from the two figures that people know about their model. */
export function logNormal(medianUs: number, p99Us: number): Delay {
  return { kind: "log-normal", medianUs, spread: Math.log(p99Us / medianUs) / Z99 };
}

/** One draw, in whole microseconds. */
export function drawUs(delay: Delay, random: Random): number {
  switch (delay.kind) {
    case "fixed":
      return delay.us;
    case "even":
      return Math.round(random.between(delay.minUs, delay.maxUs));
    case "log-normal": {
      // Box and Muller; 1 − next() is never 0.
      const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
      return Math.min(MAX_US, Math.round(delay.medianUs * Math.exp(delay.spread * normal)));
    }
  }
}
