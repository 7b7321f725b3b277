// Prepares the data for the page's plots and waterfalls.
import { sampledUnit } from "../../model/metric.js";
import type { ReportDetails } from "../../model/report/details.js";
import type { TimelinePoint } from "../../model/report/measured.js";
import type { FaultReport, RunReport } from "../../model/report/report.js";
import { failurePlaces } from "../text/failures.js";
import { GENERATOR_BOUND_MS } from "../text/wording.js";
import { type Reduction, reduceCurve, secondsPerPoint } from "./downsample.js";
import type { BreakdownCurves, Curve, LatencyCurves, PageData } from "./page-data.js";
import { breakdownRows } from "./sections/breakdown.js";

/** Everything the page's script draws; plain data, bounded in size however long the run was. */
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

/** What a run looks like over its time, also while it still goes on. */
export function timeData(
  report: Pick<RunReport, "timeline" | "phases" | "notes" | "durationMs"> & {
    readonly faults: readonly Pick<FaultReport, "label" | "beginMs" | "endMs">[];
  },
): Omit<PageData, "spectra" | "breakdown" | "limitsMs" | "turns" | "failed"> {
  const points = report.timeline;
  const width = secondsPerPoint(points.length);
  const curve = (reduction: Reduction, read: (point: TimelinePoint) => number | null | undefined): Curve =>
    reduceCurve(
      points.map((point) => read(point) ?? null),
      width,
      reduction,
    );
  return {
    seconds: points.filter((_, index) => index % width === 0).map((point) => point.second),
    secondsPerPoint: width,
    phases: report.phases.map((phase) => ({
      label: phase.label === undefined ? phase.key : `${phase.phase}: ${phase.label}`,
      startS: phase.startMs / 1000,
      endS: phase.endMs / 1000,
    })),
    faults: report.faults.map(({ label, beginMs, endMs }) => ({
      label,
      startS: beginMs / 1000,
      endS: (endMs ?? report.durationMs) / 1000,
    })),
    notes: report.notes.map((note) => ({ atS: note.atMs / 1000, text: note.text })),
    load: {
      usersLive: curve("min", (point) => point.usersLive),
      usersStarted: curve("max", (point) => point.usersStarted),
      turns: curve("mean", (point) => point.turnsEnded),
      goodput: curve("mean", (point) => point.good),
      inFlight: curve("max", (point) => point.turnsInFlight),
      planned: curve("mean", (point) => point.starts?.planned),
      made: curve("mean", (point) => point.starts?.made),
      droppedByTarget: curve("max", (point) => point.starts?.droppedByTarget),
      droppedByGenerator: curve("max", (point) => point.starts?.droppedByGenerator),
    },
    errors: byName(
      points.flatMap((point) => Object.keys(point.errors)),
      (reason) => curve("max", (point) => point.errors[reason] ?? 0),
    ),
    latencies: byName(
      points.flatMap((point) => Object.keys(point.metrics)),
      (metric): LatencyCurves => ({
        p50: curve("max", (point) => point.metrics[metric]?.p50),
        p95: curve("max", (point) => point.metrics[metric]?.p95),
        p99: curve("max", (point) => point.metrics[metric]?.p99),
        censored: censoredInstants(points, width, metric),
      }),
    ),
    server: byName(
      points.flatMap((point) => Object.keys(point.server ?? {})),
      (name) => curve("max", (point) => point.server?.[name]),
    ),
    generator: {
      sendLag: curve("max", (point) => point.generator.sendLagP99),
      loopDelay: curve("max", (point) => point.generator.loopDelayP99),
      cpu: curve("max", (point) => point.generator.cpu),
      rss: curve("max", (point) => point.generator.rssMb),
      gc: curve("max", (point) => point.generator.gcMs),
      wait: curve("max", (point) => point.generator.cpuWaitMs),
      buffered: curve("max", (point) => point.generator.bufferedBytes),
    },
    generatorBoundMs: GENERATOR_BOUND_MS,
  };
}

/** Each label that has a table, and the phases beside them: every metric by those of its values that have it. */
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

/** First seconds of those points that hold a second whose p99 is censored. */
function censoredInstants(points: readonly TimelinePoint[], width: number, metric: string): number[] {
  const instants = new Set<number>();
  points.forEach((point, index) => {
    if (point.metrics[metric]?.p99 !== null) return;
    instants.add(points[index - (index % width)]?.second ?? point.second);
  });
  return [...instants];
}

function byName<T>(names: readonly string[], value: (name: string) => T): Record<string, T> {
  return Object.fromEntries([...new Set(names)].sort().map((name) => [name, value(name)]));
}

/** Limits of times only: those of the spectra, and those of the rules about metrics that are in the report. */
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
