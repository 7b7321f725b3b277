// The share of answers that reached one dimension of quality, from what the check `quality` counted.
import type { MetricName } from "../model/metric.js";
import type { CheckCounters } from "../model/run-log.js";
import type { SingleValue } from "./evidence.js";

export type QualityMetric = Extract<MetricName, `quality.${string}`>;

/** No value where the check is off, or judged nothing. */
export function qualityShare(metric: QualityMetric, checks: CheckCounters): SingleValue {
  const counters = checks.quality;
  if (!counters) return { value: undefined, n: 0, violations: 0, note: "the check quality is off" };
  const n = counters.answers ?? 0;
  if (n === 0) return { value: undefined, n, violations: 0, note: "no answer was judged" };
  const good = counters[metric.slice("quality.".length)] ?? 0;
  return { value: good / n, n, violations: n - good };
}
