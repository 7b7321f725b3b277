// Detects early that a load is too much: open turns and their times grow second by second.
import { criticalT } from "../statistics/student.js";

/** One second of a hold. */
export interface SaturationPoint {
  /** Turns waiting for their answer. */
  readonly inFlight: number;
  /** Turns that ended in this second. */
  readonly ended: number;
}

/** No trend counts with fewer seconds. */
const LEAST_SECONDS = 8;
/** Probability of such a slope by chance; far below the usual 5 %, since it is tested every second. */
const CHANCE = 0.001;
/** Least growth over the seconds seen, as a share of their mean. */
const GROWTH = 0.5;

/**
 * Whether concurrency and latency both rise beyond doubt, by at least half of their means. Latency is by Little's law: open
 * turns ÷ turns ended per second.
 */
export function isSaturated(points: readonly SaturationPoint[]): boolean {
  const usable = points.filter(({ ended }) => ended > 0);
  if (usable.length < LEAST_SECONDS) return false;
  return (
    rises(usable.map(({ inFlight }) => inFlight)) &&
    rises(usable.map(({ inFlight, ended }) => inFlight / ended))
  );
}

/** Least squares over the index: whether the slope is significantly above zero, and large enough. */
function rises(values: readonly number[]): boolean {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let across = 0;
  let along = 0;
  for (const [index, value] of values.entries()) {
    across += (index - middle) * (value - mean);
    along += (index - middle) ** 2;
  }
  const slope = across / along;
  if (!(slope > 0) || slope * (n - 1) < GROWTH * mean) return false;
  const left = values.reduce((sum, value, index) => sum + (value - mean - slope * (index - middle)) ** 2, 0);
  const error = Math.sqrt(left / (n - 2) / along);
  return error === 0 || slope / error > criticalT(CHANCE, n - 2);
}
