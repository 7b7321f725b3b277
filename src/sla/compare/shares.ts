// Compares a share, such as the turns that met every limit, between a baseline and a candidate.
import type { MetricName } from "../../model/metric.js";
import type { ShareChange } from "../../model/report/comparison.js";
import { criticalT, twoSidedProbability } from "../statistics/student.js";
import { SIGNIFICANCE } from "./changes.js";

/** The smallest change of a share that matters. */
const PRACTICAL_SHARE = 0.01;

/** [all, those that count] per block of time. */
export type ShareBlocks = readonly (readonly [number, number])[];

interface ShareEstimate {
  readonly n: number;
  readonly share: number;
  readonly variance: number;
  readonly df: number;
}

/** More is better. Blocks, not turns, vary independently: the ratio estimator of a cluster sample. */
export function shareChange(
  metric: MetricName,
  baseline: ShareBlocks,
  candidate: ShareBlocks,
  judged: boolean,
): ShareChange {
  const before = estimateOf(baseline);
  const after = estimateOf(candidate);
  const known = {
    metric,
    judged,
    baseline: { n: countOf(baseline), share: rounded(before?.share) },
    candidate: { n: countOf(candidate), share: rounded(after?.share) },
    practical: PRACTICAL_SHARE,
  };
  if (!before || !after) {
    const nothing = { difference: null, low: null, high: null, probability: null };
    return { ...known, ...nothing, verdict: "undecided", note: "too short to tell" };
  }
  const error = Math.sqrt(before.variance + after.variance);
  const difference = after.share - before.share;
  const df = before.df + after.df;
  const reach = error * criticalT(SIGNIFICANCE, df);
  const probability =
    difference === 0 ? 1 : twoSidedProbability(error > 0 ? difference / error : Number.POSITIVE_INFINITY, df);
  const certain = probability < SIGNIFICANCE;
  const verdict =
    certain && difference < -PRACTICAL_SHARE
      ? "worse"
      : certain && difference > PRACTICAL_SHARE
        ? "better"
        : difference - reach >= -PRACTICAL_SHARE
          ? "same"
          : "undecided";
  return {
    ...known,
    difference: rounded(difference),
    low: rounded(difference - reach),
    high: rounded(difference + reach),
    probability: rounded(probability),
    verdict,
  };
}

function countOf(blocks: ShareBlocks): number {
  return blocks.reduce((sum, [n]) => sum + n, 0);
}

/** `undefined` for fewer than two blocks, or without data. */
function estimateOf(blocks: ShareBlocks): ShareEstimate | undefined {
  const n = countOf(blocks);
  if (blocks.length < 2 || n === 0) return undefined;
  const share = blocks.reduce((sum, [, good]) => sum + good, 0) / n;
  const squares = blocks.reduce((sum, [all, good]) => sum + (good - share * all) ** 2, 0);
  const clustered = (squares * blocks.length) / (blocks.length - 1) / n ** 2;
  // Blocks without a failure would claim certainty: a binomial share is never more certain than this.
  const atLeast = ((share * n + 1) * (n - share * n + 1)) / (n + 2) ** 2 / (n + 3);
  return { n, share, variance: Math.max(clustered, atLeast), df: blocks.length - 1 };
}

function rounded(value: number): number;
function rounded(value: number | undefined): number | null;
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1e6) / 1e6;
}
