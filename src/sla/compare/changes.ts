// Judges differences between a baseline and a candidate: worse only if both significant and large enough.
import type { MetricName } from "../../model/metric.js";
import type { ChangeVerdict, PercentileChange, PracticalLimit } from "../../model/report/comparison.js";
import type { Random } from "../../support/random.js";
import { minimumSamples } from "../samples.js";
import { criticalT, twoSidedProbability } from "../statistics/student.js";
import { type QuantileEstimate, quantileEstimates, type SampleClusters } from "./spread.js";

/** Two-sided, for all judged comparisons together. */
export const SIGNIFICANCE = 0.05;

const SHARES = [
  { percentile: "p50", share: 0.5, perHundredThousand: 50_000 },
  { percentile: "p95", share: 0.95, perHundredThousand: 95_000 },
  { percentile: "p99", share: 0.99, perHundredThousand: 99_000 },
] as const;

/** The samples of one metric on one side. */
export interface MetricSide {
  readonly n: number;
  readonly clusters: SampleClusters;
}

export interface MetricPair {
  readonly metric: MetricName;
  readonly baseline: MetricSide;
  readonly candidate: MetricSide;
  readonly judged: boolean;
}

/** A difference on the logarithmic scale, before the number of comparisons is known. */
interface Difference {
  readonly log: number;
  readonly standardError: number;
  readonly df: number;
}

interface Draft {
  readonly change: Omit<PercentileChange, "probability" | "verdict">;
  readonly difference: Difference | undefined;
  readonly raw: number | undefined;
}

/** All percentiles of all metrics, in the order given; p-values are corrected over those judged. */
export function percentileChanges(
  pairs: readonly MetricPair[],
  limit: PracticalLimit,
  random: Random,
): readonly PercentileChange[] {
  const drafts = pairs.flatMap((pair) => draftsOf(pair, limit, random));
  const judged = drafts.filter(({ change }) => change.judged);
  const corrected = holm(judged.map(({ raw }) => raw));
  const probabilities = new Map(judged.map((draft, index) => [draft, corrected[index]]));
  return drafts.map((draft) => {
    const probability = probabilities.has(draft) ? probabilities.get(draft) : draft.raw;
    const verdict = verdictOf(draft, probability);
    const { neededSamples, ...change } = draft.change;
    return {
      ...change,
      ...(verdict === "undecided" && neededSamples !== undefined ? { neededSamples } : {}),
      probability: probability === undefined ? null : Math.round(probability * 1e6) / 1e6,
      verdict,
    };
  });
}

/**
 * Holm's correction keeps the probability of any false positive at the level. Undefined ones do not count.
 */
export function holm(probabilities: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const order = probabilities
    .map((value, index) => ({ value, index }))
    .filter((one): one is { value: number; index: number } => one.value !== undefined)
    .sort((a, b) => a.value - b.value);
  const corrected: (number | undefined)[] = probabilities.map(() => undefined);
  let least = 0;
  for (const [rank, { value, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, value * (order.length - rank)));
    corrected[index] = least;
  }
  return corrected;
}

function draftsOf(pair: MetricPair, limit: PracticalLimit, random: Random): readonly Draft[] {
  const shares = SHARES.map(({ share }) => share);
  const before = quantileEstimates(pair.baseline.clusters, shares, random);
  const after = quantileEstimates(pair.candidate.clusters, shares, random);
  return SHARES.map(({ percentile, perHundredThousand }, index) =>
    draftOf(pair, percentile, minimumSamples(perHundredThousand), before[index], after[index], limit),
  );
}

function draftOf(
  { metric, baseline, candidate, judged }: MetricPair,
  percentile: string,
  needed: number,
  before: QuantileEstimate | undefined,
  after: QuantileEstimate | undefined,
  limit: PracticalLimit,
): Draft {
  const ms = (us: number | undefined): number | null => (us === undefined ? null : Math.round(us) / 1000);
  const known = {
    metric,
    percentile,
    judged,
    baseline: { n: baseline.n, ms: ms(before?.us) },
    candidate: { n: candidate.n, ms: ms(after?.us) },
  };
  const nothing = { differenceMs: null, lowMs: null, highMs: null, ratio: null, practicalMs: null };
  const fewest = Math.min(baseline.n, candidate.n);
  if (!before || !after || fewest < needed) {
    const note =
      fewest < needed ? `${fewest} samples: ${needed} are needed on each side` : "too short to tell";
    return {
      change: { ...known, ...nothing, neededSamples: needed, note },
      difference: undefined,
      raw: undefined,
    };
  }
  const difference = differenceOf(before, after);
  const practicalUs = Math.max(limit.ratio * before.us, limit.us);
  const reach = criticalT(SIGNIFICANCE, difference.df) * difference.standardError;
  const at = (log: number): number => before.us * (Math.exp(log) - 1);
  const highUs = at(difference.log + reach);
  const change = {
    ...known,
    differenceMs: ms(after.us - before.us),
    lowMs: ms(at(difference.log - reach)),
    highMs: ms(highUs),
    ratio: Math.round((after.us / Math.max(1, before.us)) * 1e4) / 1e4,
    practicalMs: ms(practicalUs),
    ...(highUs > practicalUs
      ? {
          neededSamples: samplesFor(
            Math.max(baseline.n, candidate.n),
            reach,
            difference.log,
            practicalUs / before.us,
          ),
        }
      : {}),
  };
  const t =
    difference.standardError > 0 ? difference.log / difference.standardError : Number.POSITIVE_INFINITY;
  const raw = difference.log === 0 ? 1 : twoSidedProbability(t, difference.df);
  return { change, difference, raw };
}

/** With degrees of freedom by Welch and Satterthwaite. */
function differenceOf(before: QuantileEstimate, after: QuantileEstimate): Difference {
  const a = before.standardError ** 2;
  const b = after.standardError ** 2;
  const log = Math.log(Math.max(1, after.us)) - Math.log(Math.max(1, before.us));
  const df = a + b > 0 ? (a + b) ** 2 / (a ** 2 / before.df + b ** 2 / after.df) : before.df + after.df;
  return { log, standardError: Math.sqrt(a + b), df };
}

/**
 * The interval narrows with the square root of the samples: how many it takes until it ends below what matters, or, for a
 * larger difference, until it excludes zero.
 */
function samplesFor(n: number, reach: number, log: number, practicalRatio: number): number {
  const matters = Math.log1p(practicalRatio);
  const wanted = log > matters ? log : matters - Math.max(0, log);
  return Math.max(n + 1, Math.ceil(n * (reach / Math.max(wanted, matters / 10)) ** 2));
}

function verdictOf({ change, difference }: Draft, probability: number | undefined): ChangeVerdict {
  const { differenceMs, highMs, practicalMs } = change;
  if (!difference || differenceMs === null || highMs === null || practicalMs === null) return "undecided";
  const certain = probability !== undefined && probability < SIGNIFICANCE;
  if (certain && differenceMs > practicalMs) return "worse";
  if (certain && differenceMs < -practicalMs) return "better";
  return highMs <= practicalMs ? "same" : "undecided";
}
