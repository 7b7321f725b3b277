// Prepares the data for the page's plots and waterfalls.
import { sampledUnit } from "../../model/metric.js";
import type { ReportDetails } from "../../model/report/details.js";
import type { RunReport } from "../../model/report/report.js";
import { failurePlaces } from "../text/failures.js";
import type { BreakdownCurves, Curve, PageData } from "./page-data.js";
import { breakdownRows } from "./sections/breakdown.js";
import { timeData } from "./time-data.js";

/** Everything the page's script draws; bounded in size, however long the run was. */
export function pageData(report: RunReport, details: ReportDetails): PageData {
  return {
    ...timeData(report),
    spectra: details.spectra,
    breakdown: breakdownCurves(report),
    limitsMs: limitsByMetric(report, details),
    turns: details.keptTurns,
    failed: failurePlaces(report),
  };
}

/** Each label with a table, and the phases: every metric by the values that have it. */
function breakdownCurves(report: RunReport): readonly BreakdownCurves[] {
  const labels = breakdownRows(report);
  if (labels.length === 0) return [];
  const byPhase: RunReport["phaseMetrics"] = { hold: report.metrics, ...report.phaseMetrics };
  const phases = report.phases.flatMap(({ key }) => {
    const metrics = byPhase[key];
    return metrics ? [{ value: key, metrics }] : [];
  });
  return [...labels, ["phase", phases] as const].flatMap(([label, rows]) => {
    const metrics = new Set(rows.flatMap((row) => Object.keys(row.metrics)));
    return [...metrics].sort().map((metric): BreakdownCurves => {
      const known = rows.flatMap(({ value, metrics: { [metric]: summary } }) =>
        summary ? [{ value, summary }] : [],
      );
      const percentile = (name: "p50" | "p95" | "p99"): Curve => known.map(({ summary }) => summary[name]);
      return {
        ...{ label, metric, time: sampledUnit(metric) === "us" },
        values: known.map(({ value }) => value),
        ...{ p50: percentile("p50"), p95: percentile("p95"), p99: percentile("p99") },
      };
    });
  });
}

/** Limits of durations: from the spectra, and from rules on metrics in the report. */
function limitsByMetric(report: RunReport, details: ReportDetails): Record<string, readonly number[]> {
  const limits = new Map<string, Set<number>>();
  const add = (metric: string, values: readonly number[]): void => {
    limits.set(metric, new Set([...(limits.get(metric) ?? []), ...values]));
  };
  for (const spectrum of details.spectra) add(spectrum.metric, spectrum.limitsMs);
  for (const rule of report.sla) {
    if (report.metrics[rule.metric] !== undefined && !rule.rule.startsWith("{"))
      add(rule.metric, [rule.limit]);
  }
  return Object.fromEntries(
    [...limits].map(([metric, values]) => [metric, [...values].sort((a, b) => a - b)]),
  );
}
