// Degradation: p95 after ÷ p95 before, of the metric that grew most.
import { DEGRADING } from "../model/metric.js";
import type { SlaRule } from "../model/verdict.js";
import { formatUs } from "../support/units.js";
import type { Sampled, SingleValue } from "./evidence.js";
import { minimumSamples } from "./samples.js";

/** Growth below this share of the metric's limit does not matter, whatever its factor. */
export const NEGLIGIBLE_SHARE = 0.1;

interface Comparison {
  /** The note if no metric has enough samples. */
  readonly tooFew?: string;
  /**
   * Whether the growth of a metric is significant; otherwise it counts as none. `undefined` if unknown: then the metric is
   * not compared.
   */
  readonly beyondChance?: (metric: string) => boolean | undefined;
  /** The most that the generator itself may have added after, microseconds. */
  readonly ownDelayUs?: number;
}

/**
 * The largest factor among metrics that grew by more than a tenth of their limit; 1 if none did. No value if the baseline
 * lacks the samples for a p95 of every metric.
 */
export function degradationOf(
  rules: readonly SlaRule[],
  baseline: (metric: string) => Sampled | undefined,
  loaded: (metric: string) => Sampled | undefined,
  {
    tooFew = "the baseline step has too few samples",
    beyondChance = () => true,
    ownDelayUs = 0,
  }: Comparison = {},
): SingleValue {
  let worst = 1;
  let withoutOwn = 1;
  let note: string | undefined;
  let doubtful: string | undefined;
  let compared = 0;
  for (const metric of DEGRADING) {
    const limit = rules.find((rule) => rule.metric === metric && rule.unit === "us" && !rule.where)?.limit;
    const before = baseline(metric);
    const after = loaded(metric);
    const needed = minimumSamples(95_000);
    if (limit === undefined || !before || !after || before.attempts < needed || after.attempts < needed)
      continue;
    const from = before.valueAt(0.95) ?? Number.POSITIVE_INFINITY;
    const to = after.valueAt(0.95) ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(from)) continue;
    const sure = beyondChance(metric);
    if (sure === undefined) continue;
    compared++;
    const factor = to / Math.max(1, from);
    const atLeastUs = to - ownDelayUs;
    if (sure && atLeastUs - from > NEGLIGIBLE_SHARE * limit)
      withoutOwn = Math.max(withoutOwn, atLeastUs / Math.max(1, from));
    if (to - from <= NEGLIGIBLE_SHARE * limit || factor <= worst) continue;
    const change = `${metric} p95 ${formatUs(from)} → ${formatUs(to)}`;
    if (!sure) {
      doubtful ??= `${change} is within chance`;
      continue;
    }
    worst = factor;
    note = change;
  }
  if (compared === 0) return { value: undefined, n: 0, violations: 0, note: tooFew };
  return {
    value: worst,
    withoutOwn,
    n: compared,
    violations: 0,
    note: note ?? doubtful ?? "no metric grew by more than a tenth of its limit",
  };
}
