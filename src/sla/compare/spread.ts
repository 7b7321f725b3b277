// How much a quantile would vary between runs: its standard error on the logarithmic scale.
//
// Three bootstraps: clusters of time (V_t), clusters of users (V_u), single samples (V_0). The variance of a mean
// over both is V_t + V_u − V_0 (Cameron, Gelbach and Miller 2011, two-way clustering), never less than the larger.
import type { Random } from "../../support/random.js";
import { addRow, type Clusters, quantileOf, totalOf } from "./clusters.js";

/** Draws of each bootstrap: the standard error is known within about 4 %. */
const DRAWS = 300;

export interface QuantileEstimate {
  /** Microseconds. */
  readonly us: number;
  /** Standard error of its natural logarithm. */
  readonly standardError: number;
  /** Degrees of freedom behind the standard error: clusters less one. */
  readonly df: number;
}

export interface SampleClusters {
  readonly byTime: Clusters;
  /** Absent if the run did not record samples by user. */
  readonly byUser?: Clusters;
}

/** One estimate per share; `undefined` without samples, or with fewer than two clusters. */
export function quantileEstimates(
  samples: SampleClusters,
  shares: readonly number[],
  random: Random,
): readonly (QuantileEstimate | undefined)[] {
  const { byTime, byUser } = samples;
  const total = totalOf(byTime);
  const points = shares.map((share) => quantileOf(byTime.values, total, share));
  if (byTime.rows.length < 2) return shares.map(() => undefined);
  const time = varianceOf(byTime, shares, () => drawClusters(byTime, random));
  const single = varianceOf(byTime, shares, () => drawSamples(total, random));
  const users = byUser && byUser.rows.length > 1 ? byUser : undefined;
  const user = users ? varianceOf(users, shares, () => drawClusters(users, random)) : undefined;
  const lasting = persistence(byTime);
  const df = Math.min(byTime.rows.length, users?.rows.length ?? Number.POSITIVE_INFINITY) - 1;
  return points.map((us, index) => {
    if (us === undefined) return undefined;
    const t = unbiased(time[index] ?? 0, byTime.rows.length) * lasting;
    const u = unbiased(user?.[index] ?? 0, users?.rows.length ?? 0);
    const combined = user ? t + u - (single[index] ?? 0) : t;
    return { us, standardError: Math.sqrt(Math.max(combined, t, u)), df };
  });
}

/**
 * How much a slow moment affects the next: (1 + r) / (1 − r) with the autocorrelation r of the blocks' medians, at least 1.
 * Blocks that resemble their neighbours carry less information than their number suggests.
 */
function persistence({ values, rows, runStarts }: Clusters): number {
  let products = 0;
  let squares = 0;
  let blocks = 0;
  for (const [run, first] of runStarts.entries()) {
    const medians = rows
      .slice(first, runStarts[run + 1] ?? rows.length)
      .flatMap((row) => Math.log(Math.max(1, quantileOf(values, row, 0.5) ?? Number.NaN)))
      .filter((log) => !Number.isNaN(log));
    const mean = medians.reduce((sum, log) => sum + log, 0) / Math.max(1, medians.length);
    for (const [index, log] of medians.entries()) {
      squares += (log - mean) ** 2;
      const next = medians[index + 1];
      if (next !== undefined) products += (log - mean) * (next - mean);
    }
    blocks += medians.length;
  }
  if (squares === 0) return 1;
  // The estimate from few blocks is too small by about one in their number.
  const r = Math.min(0.8, Math.max(0, products / squares + 1 / blocks));
  return (1 + r) / (1 - r);
}

/** A bootstrap of m clusters shows (m − 1)/m of the variance. */
function unbiased(variance: number, clusters: number): number {
  return clusters > 1 ? (variance * clusters) / (clusters - 1) : variance;
}

function varianceOf(
  { values }: Clusters,
  shares: readonly number[],
  draw: () => Float64Array,
): readonly number[] {
  const sums = shares.map(() => 0);
  const squares = shares.map(() => 0);
  for (let i = 0; i < DRAWS; i++) {
    const counts = draw();
    for (const [index, share] of shares.entries()) {
      const log = Math.log(Math.max(1, quantileOf(values, counts, share) ?? 1));
      sums[index] = (sums[index] ?? 0) + log;
      squares[index] = (squares[index] ?? 0) + log * log;
    }
  }
  return shares.map((_, index) => {
    const mean = (sums[index] ?? 0) / DRAWS;
    return Math.max(0, ((squares[index] ?? 0) / DRAWS - mean * mean) * (DRAWS / (DRAWS - 1)));
  });
}

/** Draws as many clusters as there are, with replacement: runs first, then clusters within them. */
function drawClusters({ values, rows, runStarts }: Clusters, random: Random): Float64Array {
  const counts = new Float64Array(values.length);
  for (let drawn = 0; drawn < runStarts.length; drawn++) {
    const run = runStarts.length === 1 ? 0 : random.below(runStarts.length);
    const first = runStarts[run] ?? 0;
    const length = (runStarts[run + 1] ?? rows.length) - first;
    const times = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const index = random.below(length);
      times[index] = (times[index] ?? 0) + 1;
    }
    for (let i = 0; i < length; i++) {
      const row = rows[first + i];
      if (row && times[i]) addRow(counts, row, times[i] ?? 0);
    }
  }
  return counts;
}

/** Draws single samples: each count becomes a Poisson number of the same mean. */
function drawSamples(total: Float64Array, random: Random): Float64Array {
  const counts = new Float64Array(total.length);
  for (let i = 0; i < total.length; i++) counts[i] = poisson(total[i] ?? 0, random);
  return counts;
}

function poisson(mean: number, random: Random): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let left = Math.exp(-mean);
  let count = 0;
  let draw = random.next();
  while (draw > left) {
    draw -= left;
    count++;
    left *= mean / count;
    if (count > 200) break;
  }
  return count;
}

/** A standard normal number, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
