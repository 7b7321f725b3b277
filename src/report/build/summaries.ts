// Summaries of distributions for the report: milliseconds with three decimals, null if unknown.
import { Distribution } from "../../metrics/distribution.js";
import type { RunFold } from "../../metrics/run-fold.js";
import { METRIC_NAMES, METRICS, type SampledUnit, SERVICE_SUFFIX, sampledUnit } from "../../model/metric.js";
import type { BreakdownReport, MetricReport, MetricSummary } from "../../model/report/measured.js";

/** Microseconds to milliseconds with three decimals; `null` for nothing and for a censored rank. */
export function toMs(us: number | undefined): number | null {
  return us === undefined || !Number.isFinite(us) ? null : Math.round(us) / 1000;
}

/** @param shown converts a number to the report's unit */
export function metricSummary(
  sampled: Distribution,
  shown: (value: number | undefined) => number | null = toMs,
): MetricSummary {
  const at = (share: number): number | null => shown(sampled.valueAt(share));
  return {
    count: sampled.attempts - sampled.censored,
    censored: sampled.censored,
    min: shown(sampled.minUs),
    mean: shown(sampled.meanUs),
    std: shown(sampled.stdUs),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: sampled.censored > 0 ? null : shown(sampled.maxUs),
  };
}

/** A plain number with three decimals. */
function asCounted(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value * 1000) / 1000;
}

/** Millionths of a currency, converted to the currency. */
function asMoney(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value) / 1_000_000;
}

/** Every metric of the hold that samples whole numbers. */
export function countReports(fold: RunFold): Record<string, MetricSummary> {
  return Object.fromEntries(
    METRIC_NAMES.flatMap((metric) => {
      const unit = sampledUnit(metric);
      if (unit === undefined || unit === "us") return [];
      const held = fold.held(metric);
      return held && held.attempts > 0 ? [[metric, metricSummary(held, shownAs(unit))]] : [];
    }),
  );
}

/** The hold by each label of its turns, from the end of the log. */
export function breakdownReports(fold: RunFold): readonly BreakdownReport[] {
  return fold.breakdown.map(({ label, value, metrics }) => ({
    label,
    value,
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([metric, state]) => {
        const one = Distribution.of(state, []);
        const nothing = one.attempts === 0 || (metric === "tpot" && one.count === 0);
        return nothing ? [] : [[metric, metricSummary(one, shownAs(sampledUnit(metric)))]];
      }),
    ),
  }));
}

function shownAs(unit: SampledUnit | undefined): (value: number | undefined) => number | null {
  if (unit === "money") return asMoney;
  return unit === "tally" ? asCounted : toMs;
}

/** Every sampled metric of the phases that the filter accepts, with its service time nested. */
export function metricReports(
  fold: RunFold,
  takes: (phase: string) => boolean,
): Record<string, MetricReport> {
  const reports: Record<string, MetricReport> = {};
  for (const [metric, info] of Object.entries(METRICS)) {
    if (info.unit !== "us") continue;
    const response = fold.merged(metric, takes);
    if (!response || response.attempts === 0 || (metric === "tpot" && response.count === 0)) continue;
    const service = fold.merged(`${metric}${SERVICE_SUFFIX}`, takes);
    reports[metric] = { unit: "ms", ...metricSummary(response), ...servicePart(service) };
  }
  return reports;
}

function servicePart(service: Distribution | undefined): { readonly service?: MetricSummary } {
  return service && service.attempts > 0 ? { service: metricSummary(service) } : {};
}
