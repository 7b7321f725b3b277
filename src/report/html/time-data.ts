// A run over time, as drawn by the page's plots. Also part of the live page's script, so it imports next to nothing.
import { MAX_OWN_DELAY_US } from "../../model/metric.js";
import type { TimelinePoint } from "../../model/report/measured.js";
import type { FaultReport, RunReport } from "../../model/report/report.js";
import { type Reduction, reduceCurve, secondsPerPoint } from "./downsample.js";
import type { Curve, LatencyCurves, PageData } from "./page-data.js";

/** A run over time, even while it is in progress. */
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
    generatorBoundMs: MAX_OWN_DELAY_US / 1000,
  };
}

/** Points with a second whose p99 is censored. */
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
