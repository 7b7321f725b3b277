// A run's totals so far as OTLP metrics: cumulative sums, gauges of the last second, explicit histograms of durations.
import type { Distribution } from "../metrics/distribution.js";
import type { RunFold, SecondPoint } from "../metrics/run-fold.js";
import { isMetric, METRICS, type MetricName, type ServerUnit } from "../model/metric.js";
import { conventionalMetrics, histogramPoint as explicitPoint } from "./conventional.js";
import { attributesOf, type ExportedRun, nanosOf, resourceOf, SCHEMA_URL, scopeOf } from "./otlp.js";

/** Upper bounds of the histograms, seconds: fine where default SLAs are, 0.1 s and 2 s, and up to the longest turns. */
export const BOUNDS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15,
  20, 30, 45, 60, 120,
] as const;

const CUMULATIVE = 2;
const MAX_CAUSES = 50;
/** The conventions' value for any other cause. */
const OTHER = "_OTHER";

/** The state of a run at one moment, without its samples. Counts are cumulative. */
export interface RunTotals {
  readonly fold: RunFold;
  /** Turns settled, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Anomalies by kind. */
  readonly anomalies: Readonly<Record<string, number>>;
}

/** Kept between exports, so that each does not process the whole run again. */
export class ExportMemory {
  /** Points of histograms, good while nothing was added: all but those of the present phase. */
  readonly histograms = new WeakMap<Distribution, { readonly attempts: number; readonly point: object }>();
  #seen = 0;
  started = 0;
  ended = 0;
  readonly errors: Record<string, number> = {};
  last: SecondPoint | undefined;

  /** Adds up the seconds, each one once. */
  take(points: readonly SecondPoint[]): void {
    for (; this.#seen < points.length; this.#seen++) {
      const point = points[this.#seen];
      if (!point) break;
      this.last = point;
      this.started += point.turnsStarted;
      this.ended += point.turnsEnded;
      for (const [cause, count] of Object.entries(point.errors)) {
        const known = cause in this.errors || Object.keys(this.errors).length < MAX_CAUSES;
        const key = known ? cause : OTHER;
        this.errors[key] = (this.errors[key] ?? 0) + count;
      }
    }
  }
}

/**
 * The body of a request to `/v1/metrics`.
 * @param fromUs, atUs start of the sums and now, microseconds since the epoch
 */
export function metricsRequest(
  run: ExportedRun,
  { fold, outcomes, anomalies }: RunTotals,
  memory: ExportMemory,
  { fromUs, atUs }: { readonly fromUs: number; readonly atUs: number },
): object {
  memory.take(fold.points);
  const times = { startTimeUnixNano: nanosOf(fromUs), timeUnixNano: nanosOf(atUs) };
  const point = (asInt: number, attributes: Readonly<Record<string, string>> = {}): object => ({
    ...times,
    asInt: String(asInt),
    attributes: attributesOf(attributes),
  });
  const each = (counts: Readonly<Record<string, number>>, key: string): readonly object[] =>
    Object.entries(counts).map(([name, count]) => point(count, { [key]: name }));
  const { last } = memory;
  const metrics = [
    sum("gpload.turns.started", "{turn}", [point(memory.started)]),
    sum("gpload.turns.ended", "{turn}", [point(memory.ended)]),
    sum("gpload.turns.settled", "{turn}", each(outcomes, "gpload.outcome")),
    sum("gpload.errors", "{error}", each(memory.errors, "error.type")),
    sum("gpload.events.anomalies", "{event}", each(anomalies, "gpload.anomaly")),
    ...(last
      ? [
          gauge("gpload.users.live", "{user}", [point(last.usersLive)]),
          gauge("gpload.users.started", "{user}", [point(last.usersStarted)]),
          gauge("gpload.turns.in_flight", "{turn}", [point(last.turnsInFlight)]),
          gauge("gpload.generator.cpu", "{cpu}", cpuPoints(last, times)),
        ]
      : []),
    ...serverMetrics(fold, times),
    ...sampledMetrics(fold, times, memory),
    ...conventionalMetrics(run, fold, times),
  ];
  const scopeMetrics = [{ scope: scopeOf(run), metrics, schemaUrl: SCHEMA_URL }];
  return { resourceMetrics: [{ resource: resourceOf(run), scopeMetrics, schemaUrl: SCHEMA_URL }] };
}

type Times = { readonly startTimeUnixNano: string; readonly timeUnixNano: string };

function cpuPoints({ generator }: SecondPoint, times: Times): readonly object[] {
  return generator.map(({ worker, cpu }) => ({
    ...times,
    asDouble: cpu,
    attributes: attributesOf({ "gpload.worker": worker }),
  }));
}

const SERVER_UNIT = { bytes: "By", seconds: "s", number: "1" } as const satisfies Record<ServerUnit, string>;

/** The target's latest own metrics, without stale ones. */
function serverMetrics({ server, targetMemory, header, points }: RunFold, times: Times): readonly object[] {
  const now = points.at(-1)?.second ?? 0;
  const latest = (name: string, unit: ServerUnit, values: RunFold["targetMemory"]): readonly object[] => {
    const [second, asDouble] = values.at(-1) ?? [];
    if (second === undefined || asDouble === undefined || second < now - FRESH_SECONDS) return [];
    return [gauge(name, SERVER_UNIT[unit], [{ ...times, asDouble, attributes: [] }])];
  };
  const named = [...server].flatMap(([name, values]) =>
    latest(exportedName(`server.${name}`), header?.server?.[name] ?? "number", values),
  );
  return [...latest("gpload.target.memory", "bytes", targetMemory), ...named];
}

/** Between two exports, and the second that a page may take. */
const FRESH_SECONDS = 6;

/** One histogram per metric with a point per phase; censored attempts are counted separately. */
function sampledMetrics(fold: RunFold, times: Times, memory: ExportMemory): readonly object[] {
  const histograms = new Map<MetricName, object[]>();
  const censored: object[] = [];
  for (const phase of fold.phaseKeys) {
    for (const [name, distribution] of fold.metricsOf(phase)) {
      if (!isSampled(name)) continue;
      const points = histograms.get(name) ?? [];
      histograms.set(name, points);
      points.push({ ...times, ...histogramPoint(distribution, phase, memory) });
      if (distribution.censored === 0) continue;
      const attributes = attributesOf({ "gpload.metric": name, "gpload.phase": phase });
      censored.push({ ...times, asInt: String(distribution.censored), attributes });
    }
  }
  const histogramsMade = [...histograms].map(([name, dataPoints]) => ({
    ...{ name: exportedName(name), unit: "s", description: METRICS[name].meaning },
    histogram: { aggregationTemporality: CUMULATIVE, dataPoints },
  }));
  return [...histogramsMade, sum("gpload.censored", "{attempt}", censored)];
}

/** Service times are not in the table. */
function isSampled(name: string): name is MetricName {
  return isMetric(name) && METRICS[name].unit === "us";
}

/** `generator.loop-delay` → `gpload.generator.loop_delay`. */
export function exportedName(metric: string): string {
  return `gpload.${metric.replaceAll("-", "_")}`;
}

function histogramPoint(distribution: Distribution, phase: string, { histograms }: ExportMemory): object {
  const { attempts } = distribution;
  const known = histograms.get(distribution);
  if (known?.attempts === attempts) return known.point;
  const point = madePoint(distribution, phase);
  histograms.set(distribution, { attempts, point });
  return point;
}

function madePoint(distribution: Distribution, phase: string): object {
  return {
    attributes: attributesOf({ "gpload.phase": phase }),
    ...explicitPoint(distribution, BOUNDS_SECONDS, 1_000_000),
  };
}

function sum(name: string, unit: string, dataPoints: readonly object[]): object {
  return { name, unit, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: true, dataPoints } };
}

function gauge(name: string, unit: string, dataPoints: readonly object[]): object {
  return { name, unit, gauge: { dataPoints } };
}
