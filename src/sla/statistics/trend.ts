// The trend of one figure over a hold: its second half compared with the first, and its slope with a confidence interval.
//
// Neighbouring seconds resemble each other, so a hold is cut into blocks, and any remaining dependence between blocks widens
// every interval by (1 + r) / (1 − r), where r is the autocorrelation of the residuals after removing the trend.
//
//   slope    Theil and Sen: the median of the slopes of all pairs; its interval by Sen (1968) from Kendall's S
//   halves   Welch's t of the blocks' values
//   step     the same at the cut that separates the blocks best, for what gets worse at once and stays so; with a
//            confidence that allows for the choice of the cut
//   steps    Student's t of the differences between neighbouring blocks: anything that rises more steadily than a random
//            walk grows, even along a curve
import { criticalT } from "./student.js";

/** Of both intervals; with several figures, 95 % would raise too many false alarms. */
const CONFIDENCE = 0.99;
/** Confidence of the step. */
const STEP_CONFIDENCE = 0.9999;
/** Confidence of the differences. */
const STEADY_CONFIDENCE = 0.999;
/** Least share of the blocks on either side of a step. */
const STEP_MARGIN = 0.2;
/** The normal quantile of {@link CONFIDENCE}, two-sided. */
const Z = 2.576;

/** With fewer than the minimum there is no trend. */
const MAX_BLOCKS = 24;
const FEWEST_BLOCKS = 8;
/** Highest autocorrelation assumed from so few blocks. */
const MAX_RESEMBLANCE = 0.85;

/** An estimate with its interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Trend {
  /** Medians of the blocks of each half, in the unit of the values. */
  readonly first: number;
  readonly second: number;
  /** Mean of the blocks of the first half. */
  readonly firstMean: number;
  /** How much the second half exceeds the first. */
  readonly rise: Interval;
  /** Per second. */
  readonly slope: Interval;
  /** Slope of the second half alone, per second: small if the growth has levelled off. */
  readonly lateSlope: number;
  /** Significant growth, by slope, halves, step, or steps. */
  readonly grows: boolean;
  readonly blocks: number;
}

/** What represents a block: its median, its mean, or its minimum (what memory falls back to). */
export type BlockFigure = "median" | "mean" | "least";

/** [second, value], ascending; seconds without a value are left out. */
export type Series = readonly (readonly [second: number, value: number])[];

/**
 * @param points infinite values count as the largest finite one
 * @param middle first second of the second half; by default in the middle of the points
 * @returns `undefined` with too few seconds for {@link FEWEST_BLOCKS} blocks
 */
export function trendOf(
  points: Series,
  figure: BlockFigure,
  middle = ((points[0]?.[0] ?? 0) + (points.at(-1)?.[0] ?? 0) + 1) / 2,
): Trend | undefined {
  const blocks = blocksOf(points, figure);
  if (blocks.length < FEWEST_BLOCKS) return undefined;
  const early = blocks.filter(([at]) => at < middle);
  const late = blocks.filter(([at]) => at >= middle);
  if (early.length < 3 || late.length < 3) return undefined;
  const slope = slopeOf(blocks);
  const rise = riseOf(valuesOf(early), valuesOf(late), CONFIDENCE);
  return {
    first: medianOf(valuesOf(early)),
    second: medianOf(valuesOf(late)),
    firstMean: meanOf(valuesOf(early)),
    rise,
    slope,
    lateSlope: medianOf(slopesOf(late)),
    // What is worse at the end is worse in the second half, wherever it began.
    grows:
      rise.value > 0 && (slope.sure || rise.low > 0 || stepsUp(valuesOf(blocks)) || climbs(valuesOf(blocks))),
    blocks: blocks.length,
  };
}

type Block = readonly [middle: number, value: number];

function blocksOf(points: Series, figure: BlockFigure): readonly Block[] {
  const from = points[0]?.[0] ?? 0;
  const seconds = (points.at(-1)?.[0] ?? 0) - from + 1;
  const length = Math.max(1, Math.ceil(seconds / MAX_BLOCKS));
  const values = new Map<number, number[]>();
  const largest = points.reduce(
    (most, [, value]) => (Number.isFinite(value) ? Math.max(most, value) : most),
    0,
  );
  for (const [second, value] of points) {
    const block = Math.floor((second - from) / length);
    const known = values.get(block);
    const finite = Math.min(value, largest);
    if (known) known.push(finite);
    else values.set(block, [finite]);
  }
  return [...values].map(([block, all]) => [from + (block + 0.5) * length, figureOf(all, figure)]);
}

function figureOf(values: readonly number[], figure: BlockFigure): number {
  switch (figure) {
    case "median":
      return medianOf(values);
    case "mean":
      return meanOf(values);
    case "least":
      return Math.min(...values);
  }
}

/** Theil and Sen, with Sen's interval: the order statistics within the chance deviation of S. */
function slopeOf(blocks: readonly Block[]): Interval & { readonly sure: boolean } {
  const slopes = slopesOf(blocks);
  const value = medianOf(slopes);
  const n = blocks.length;
  const residuals = blocks.map(([at, y]) => y - value * at);
  const r = resemblance([residuals], 2);
  const spread = Z * Math.sqrt(((n * (n - 1) * (2 * n + 5)) / 18) * widening(r));
  const off = spread / 2;
  const at = (rank: number, beyond: number): number => {
    const index = Math.round(rank);
    return index < 0 || index >= slopes.length ? beyond : (slopes[index] ?? beyond);
  };
  return {
    value,
    // Pairs of equal values are no evidence either way, though they are in the middle of the slopes.
    sure: slopes.filter((one) => one > 0).length - slopes.filter((one) => one < 0).length > spread,
    low: at(slopes.length / 2 - off - 0.5, Number.NEGATIVE_INFINITY),
    high: at(slopes.length / 2 + off - 0.5, Number.POSITIVE_INFINITY),
  };
}

/** Slopes of all pairs, ascending. */
function slopesOf(blocks: readonly Block[]): readonly number[] {
  const slopes: number[] = [];
  for (const [i, [at, y]] of blocks.entries()) {
    for (let j = i + 1; j < blocks.length; j++) {
      const [later, value] = blocks[j] ?? [at, y];
      slopes.push((value - y) / (later - at));
    }
  }
  return slopes.sort((a, b) => a - b);
}

/** Whether the blocks after some cut are above those before it. */
function stepsUp(values: readonly number[]): boolean {
  const margin = Math.max(3, Math.ceil(values.length * STEP_MARGIN));
  let best = margin;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = margin; cut <= values.length - margin; cut++) {
    const left = squaresOf(values.slice(0, cut)) + squaresOf(values.slice(cut));
    if (left < least) [best, least] = [cut, left];
  }
  return riseOf(values.slice(0, best), values.slice(best), STEP_CONFIDENCE).low > 0;
}

/** Whether it rises block by block: even a random walk has differences without a trend. */
function climbs(values: readonly number[]): boolean {
  const steps = values.slice(1).map((value, at) => value - (values[at] ?? value));
  const spread = Math.sqrt(varianceOf(steps) / Math.max(1, steps.length));
  return meanOf(steps) > criticalT(1 - STEADY_CONFIDENCE, steps.length - 1) * spread;
}

function riseOf(early: readonly number[], late: readonly number[], confidence: number): Interval {
  const [a, b] = [early, late].map((values) => ({ mean: meanOf(values), n: values.length, values }));
  if (!a || !b) return { value: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const value = b.mean - a.mean;
  const r = resemblance([early.map((one) => one - a.mean), late.map((one) => one - b.mean)], 1);
  const variance = (varianceOf(early) / a.n + varianceOf(late) / b.n) * widening(r);
  // Similar blocks count for fewer than their number.
  const df = Math.max(2, (a.n + b.n) / widening(r) - 2);
  const reach = criticalT(1 - confidence, df) * Math.sqrt(variance);
  return { value, low: value - reach, high: value + reach };
}

/**
 * Lag-1 autocorrelation of residuals, at least 0. The estimate from n values is too small by about (1 + 3r)/n after removing
 * a mean, and twice that after a line (Marriott and Pope 1954), which is corrected.
 * @param taken parameters removed from each series: 1 or 2
 */
function resemblance(series: readonly (readonly number[])[], taken: 1 | 2): number {
  let products = 0;
  let squares = 0;
  let n = 0;
  for (const residuals of series) {
    const mean = meanOf(residuals);
    n += residuals.length / series.length;
    for (const [index, value] of residuals.entries()) {
      squares += (value - mean) ** 2;
      const next = residuals[index + 1];
      if (next !== undefined) products += (value - mean) * (next - mean);
    }
  }
  if (squares === 0) return 0;
  const seen = products / squares;
  return Math.min(MAX_RESEMBLANCE, Math.max(0, seen + (taken * (1 + 3 * Math.max(0, seen))) / n));
}

function widening(r: number): number {
  return (1 + r) / (1 - r);
}

function valuesOf(blocks: readonly Block[]): readonly number[] {
  return blocks.map(([, value]) => value);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return squaresOf(values, mean) / Math.max(1, values.length - 1);
}

function squaresOf(values: readonly number[], mean = meanOf(values)): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** 0 of none. */
function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? 0;
  return Number.isInteger(half) && half > 0 ? ((sorted[half - 1] ?? 0) + upper) / 2 : upper;
}
