// The run's seconds and phases, for plots.
import type { RunFold, SecondPercentiles, SecondPoint } from "../../metrics/run-fold.js";
import { sampledUnit } from "../../model/metric.js";
import type { TimelinePoint } from "../../model/report/measured.js";
import type { PhaseReport } from "../../model/report/report.js";
import { defined } from "../../support/defined.js";
import { toMs } from "./summaries.js";

export function timelinePoints(fold: RunFold): readonly TimelinePoint[] {
  const server = new Map<number, Record<string, number>>();
  for (const [name, values] of fold.server)
    for (const [second, value] of values) {
      const serverValues = server.get(second) ?? {};
      serverValues[name] = value;
      server.set(second, serverValues);
    }
  return fold.points.map((point) => ({
    ...timelinePoint(point, fold.goodput.get(point.second)),
    ...defined({ server: server.get(point.second) }),
  }));
}

/** One second for a plot. */
export function timelinePoint(
  point: SecondPoint,
  goodput: readonly [number, number] | undefined,
): TimelinePoint {
  const { starts, metrics, generator, ...counts } = point;
  const worst = (value: (one: (typeof generator)[number]) => number): number =>
    Math.max(0, ...generator.map(value));
  return {
    ...counts,
    starts: starts ?? null,
    intended: goodput?.[0] ?? null,
    good: goodput?.[1] ?? null,
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([metric, one]) =>
        sampledUnit(metric) === "us" ? [[metric, percentiles(one)]] : [],
      ),
    ),
    generator: {
      cpu: worst(({ cpu }) => cpu),
      loopDelayP99: worst(({ loopDelayP99Us }) => loopDelayP99Us) / 1000,
      sendLagP99: worst(({ sendLagP99Us }) => sendLagP99Us) / 1000,
      rssMb: Math.round(generator.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / 1e5) / 10,
      gcMs: worst(({ gcUs }) => gcUs) / 1000,
      cpuWaitMs: worst(({ cpuWaitUs = 0 }) => cpuWaitUs) / 1000,
      bufferedBytes: generator.reduce((sum, { bufferedBytes = 0 }) => sum + bufferedBytes, 0),
    },
  };
}

function percentiles({ n, p50, p95, p99, max }: SecondPercentiles): TimelinePoint["metrics"][string] {
  return { n, p50: toMs(p50), p95: toMs(p95), p99: toMs(p99), max: toMs(max) };
}

/** Phases in milliseconds since the start barrier, including the time after the hold. */
export function phaseReports(fold: RunFold, durationMs: number): readonly PhaseReport[] {
  const startUs = fold.spans[0]?.startUs;
  if (startUs === undefined) return [];
  const planned = fold.spans.map(({ key, phase, label, startUs: from, endUs: to }) => ({
    key,
    phase,
    ...defined({ label }),
    startMs: Math.round((from - startUs) / 1000),
    endMs: Math.min(Math.max(durationMs, 0), Math.round((to - startUs) / 1000)),
  }));
  // A run that was ended early never reached its last phases.
  const phases = planned.filter(({ startMs, endMs }) => endMs > startMs);
  const lastMs = phases.at(-1)?.endMs ?? 0;
  return durationMs > lastMs
    ? [...phases, { key: "drain", phase: "drain", startMs: lastMs, endMs: durationMs }]
    : phases;
}
