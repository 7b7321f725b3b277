// Builds the curves of made-up runs: timelines, kept turns, spectra and histograms, the same on every call.

import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { isMetric, type MetricName } from "../../src/model/metric.js";
import type { HistogramInterval, Spectrum, SpectrumPoint } from "../../src/model/report/details.js";
import type { MetricReport, MetricSummary, TimelinePoint } from "../../src/model/report/measured.js";
import { traceIds } from "../../src/model/turn/trace.js";
import type { KeptEvent, KeptTurn } from "../../src/model/turn/turn.js";
import { type Random, randomFrom } from "../../src/support/random.js";

export const HOSTILE = `</script><img src=x onerror=alert(1)>`;

/** Centre of each metric's made-up distribution, milliseconds. */
const CENTRES: Readonly<Record<string, number>> = {
  "message.processing": 38,
  "event.delivery": 3.2,
  ttft: 410,
  "agent.response": 1_450,
  "history.query": 9.4,
  "tool.duration": 260,
  "socket.rtt": 1.1,
};

function metricOf(name: string): MetricName {
  if (!isMetric(name)) throw new Error(`no metric ${name}`);
  return name;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Percentiles of one second, `patch` times slower than usual. */
function secondOf(n: number, patch: number, random: Random): TimelinePoint["metrics"] {
  const entries = Object.entries(CENTRES).map(([name, centre]) => {
    const p50 = centre * patch * (0.8 + random.next() * 0.4);
    const p99 = p50 * (2.4 + random.next());
    return [
      name,
      { n, p50: round3(p50), p95: round3(p50 * 1.9), p99: round3(p99), max: round3(p99 * 1.3) },
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** One second after another: ramp, hold and drain, with a slow patch two thirds into the hold. */
export function timelineOf(
  users: number,
  rampS: number,
  holdS: number,
  drainS: number,
  seed = 7,
): TimelinePoint[] {
  const random = randomFrom("timeline", seed);
  const total = rampS + holdS + drainS;
  return Array.from({ length: total }, (_, second) => {
    const share =
      second < rampS
        ? (second + 1) / rampS
        : second < rampS + holdS
          ? 1
          : 1 - (second - rampS - holdS) / drainS;
    const patch = Math.abs(second - rampS - holdS * 0.66) < holdS * 0.05 ? 3 : 1;
    const turns = Math.round(users * 0.34 * share * (0.85 + random.next() * 0.3));
    const bad = patch > 1 && random.next() > 0.5 ? Math.ceil(turns * 0.05) : 0;
    return {
      second,
      phase: second < rampS ? "ramp" : second < rampS + holdS ? "hold" : "drain",
      usersLive: Math.round(users * share),
      usersStarted: Math.round(users * Math.min(1, (second + 1) / rampS)),
      turnsStarted: turns,
      turnsEnded: Math.max(0, turns - Math.round(random.next() * 3)),
      turnsInFlight: Math.round(turns * 1.5 * patch),
      starts: null,
      intended: turns,
      good: Math.max(0, turns - bad),
      errors: bad > 0 ? { no_terminal: bad, error_event: 1 } : {},
      metrics: secondOf(turns, patch, random),
      generator: {
        cpu: round3(0.28 * share + random.next() * 0.06),
        loopDelayP99: round3(0.6 + random.next() * 1.4),
        sendLagP99: round3(0.4 + random.next()),
        rssMb: round3(118 + second * 0.05 + random.next() * 4),
        gcMs: round3(random.next() * 4),
        cpuWaitMs: round3(random.next() * 9),
        bufferedBytes: 0,
      },
    };
  });
}

function summaryOf(centre: number, count: number, censored = 0): MetricSummary {
  return {
    count,
    censored,
    min: round3(centre * 0.4),
    mean: round3(centre * 1.1),
    p50: round3(centre),
    p90: round3(centre * 1.7),
    p95: round3(centre * 2),
    p99: round3(centre * 3),
    p999: censored > 2 ? null : round3(centre * 4.4),
    max: censored > 0 ? null : round3(centre * 5.2),
  };
}

export function metricsOf(count: number, censored = 0): Record<string, MetricReport> {
  return Object.fromEntries(
    Object.entries(CENTRES).map(([name, centre]) => {
      const service = ["message.processing", "ttft", "agent.response", "history.query"].includes(name);
      return [
        name,
        {
          unit: "ms" as const,
          ...summaryOf(centre, count, censored),
          ...(service ? { service: summaryOf(centre * 0.97, count, censored) } : {}),
        },
      ];
    }),
  );
}

function spectrumPoints(centre: number, censoredFrom: number): SpectrumPoint[] {
  const percentiles = Array.from({ length: 60 }, (_, step) => 1 - 0.5 * 10 ** (-step / 12.5));
  return percentiles.map((percentile) => ({
    percentile,
    valueMs:
      percentile >= censoredFrom ? null : round3(centre * (1 + 0.42 * Math.log2(1 / (2 * (1 - percentile))))),
  }));
}

export function spectraOf(limits: Readonly<Record<string, number>>, censoredFrom = 2): Spectrum[] {
  return Object.entries(CENTRES).map(([metric, centre]) => ({
    metric: metricOf(metric),
    response: spectrumPoints(centre, censoredFrom),
    ...(metric === "agent.response" || metric === "message.processing"
      ? { service: spectrumPoints(centre * 0.96, censoredFrom) }
      : {}),
    histogram: {
      edgesMs: [centre / 4, centre / 2, centre, centre * 2, centre * 4],
      counts: [40, 700, 260, 20],
    },
    limitsMs: limits[metric] === undefined ? [] : [limits[metric]],
  }));
}

const STEPS: readonly (readonly [string, number, string?])[] = [
  ["ack", 4],
  ["agent_started", 38],
  ["agent_thinking", 150],
  ["tool_executing", 320, "search_documents"],
  ["tool_completed", 610, "search_documents"],
  ["answer_delta", 700],
  ["answer_delta", 900],
  ["answer_delta", 1_150],
  ["agent_completed", 1_400],
];

const TRACES = traceIds("sample");

/** A kept turn whose events come `slow` times later than usual; a failed one stops in the middle. */
export function keptTurn(why: KeptTurn["why"], user: number, turn: number, slow: number): KeptTurn {
  const steps = why === "failed" ? STEPS.slice(0, 5) : STEPS;
  const events: KeptEvent[] = steps.map(([kind, at, tool]) => ({
    kind,
    atMs: round3(at * slow),
    ...(tool === undefined ? {} : { tool }),
  }));
  if (why === "failed") events.push({ kind: HOSTILE, atMs: round3(900 * slow), anomaly: "unrecognised" });
  if (turn % 4 === 1)
    events.push({
      kind: "tool_completed",
      atMs: round3(620 * slow),
      tool: "search_documents",
      anomaly: "duplicate",
    });
  return {
    why,
    user,
    turn,
    threadId:
      why === "failed"
        ? `thread-${HOSTILE}-${turn}`
        : `9c2f1e30-77ab-4a1c-8a54-${String(user).padStart(12, "0")}`,
    runId: `run-${user}-${turn}`,
    ...TRACES.turn(user, turn),
    phase: "hold",
    intendedMs: 14_000 + turn * 1_733,
    sentAfterMs: 0.6,
    outcome: why === "failed" ? "lost" : "completed",
    ...(why === "failed"
      ? { reason: "no_terminal" as const, error: `model said: ${HOSTILE}` }
      : { endedAfterMs: round3(1_400 * slow) }),
    events,
  };
}

/** Real interval histograms, one every five seconds. */
export function intervalsOf(metric: string, seconds: number): HistogramInterval[] {
  const random = randomFrom("intervals", seconds);
  return Array.from({ length: Math.ceil(seconds / 5) }, (_, index) => {
    const histogram = build({
      numberOfSignificantValueDigits: 3,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 3_600_000_000,
    });
    for (let sample = 0; sample < 50; sample++)
      histogram.recordValue(Math.round(1_000 + random.next() * 90_000));
    return {
      tag: metric,
      startSeconds: index * 5,
      lengthSeconds: 5,
      maxMs: histogram.maxValue / 1000,
      encoded: encodeIntoCompressedBase64(histogram),
    };
  });
}
