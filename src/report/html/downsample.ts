// Reduces a long timeline to few enough points for a plot, without losing a peak or a dip.
import type { Curve } from "./page-data.js";

export const MAX_POINTS = 2_000;

/** How several seconds become one value: the peak for latencies, the dip for live users, the mean for rates. */
export type Reduction = "max" | "min" | "mean";

/** Seconds per point. */
export function secondsPerPoint(seconds: number, mostPoints = MAX_POINTS): number {
  return Math.max(1, Math.ceil(seconds / mostPoints));
}

/** One value for every `width` values; `null` if all of them are. */
export function reduceCurve(values: Curve, width: number, reduction: Reduction): (number | null)[] {
  const reduced: (number | null)[] = [];
  for (let start = 0; start < values.length; start += width) {
    const known = values.slice(start, start + width).filter((value): value is number => value !== null);
    reduced.push(known.length === 0 ? null : round(combine(known, reduction)));
  }
  return reduced;
}

function combine(values: readonly number[], reduction: Reduction): number {
  switch (reduction) {
    case "max":
      return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case "min":
      return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case "mean":
      return values.reduce((sum, value) => sum + value, 0) / values.length;
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
