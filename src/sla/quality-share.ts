// The share of answers that reached one dimension of quality, from what its check counted.

import type { CheckCounters } from "../model/log/run-log.js";
import type { MetricName } from "../model/metric.js";
import type { SingleValue } from "./evidence.js";

export type QualityMetric = Extract<MetricName, `quality.${string}`>;

/** No value where its check is off, or judged nothing. */
export function qualityShare(metric: QualityMetric, checks: CheckCounters): SingleValue {
  const check = metric === "quality.recall" ? "context" : "quality";
  const counters = checks[check];
  if (!counters) return { value: undefined, n: 0, violations: 0, note: `the check ${check} is off` };
  const n = (check === "context" ? counters.recalls : counters.answers) ?? 0;
  if (n === 0) return { value: undefined, n, violations: 0, note: "no answer was judged" };
  const good = counters[metric.slice("quality.".length)] ?? 0;
  return { value: good / n, n, violations: n - good };
}
