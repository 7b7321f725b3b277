// Measurements in report.json: summaries of metrics, rates, trends, and one point per second.
import { z } from "zod";
import { LABELS } from "../labels.js";
import type { Frozen } from "../log/frozen.js";
import { startCounts } from "../log/starts.js";
import { SERVER_UNITS } from "../metric.js";
import { count, flag, number, numberOrNull, text } from "../values.js";

const fields = {
  count,
  /** Attempts that never ended: they rank above every sample. */
  censored: count,
  min: numberOrNull,
  mean: numberOrNull,
  /** Standard deviation of what ended; absent in old reports. */
  std: numberOrNull.exactOptional(),
  p50: numberOrNull,
  p90: numberOrNull,
  p95: numberOrNull,
  p99: numberOrNull,
  p999: numberOrNull,
  max: numberOrNull,
};
export const metricSummary = z.strictObject(fields);
/** Milliseconds with three decimals; `null` without data, or if censored. */
export type MetricSummary = Readonly<z.infer<typeof metricSummary>>;

export const metricReport = z.strictObject({
  unit: z.literal("ms"),
  ...fields,
  /** Measured from the send instead of the intended time. */
  service: metricSummary.exactOptional(),
});
export type MetricReport = Frozen<z.infer<typeof metricReport>>;

export const serverReport = z.strictObject({
  unit: z.enum(SERVER_UNITS),
  /** Seconds of the hold with and without a value. */
  seconds: count,
  missing: count,
  min: numberOrNull,
  mean: numberOrNull,
  p50: numberOrNull,
  p95: numberOrNull,
  p99: numberOrNull,
  max: numberOrNull,
  /** Why the last missing value was missing; absent if none was. */
  why: text.exactOptional(),
});
/** One value per second of the hold; `null` if there is none. Bytes, seconds, or plain numbers. */
export type ServerReport = Readonly<z.infer<typeof serverReport>>;

export const ratesReport = z.strictObject({
  /** Whole seconds of the hold. */
  seconds: count,
  /** Turns due in it; those that completed; those that met every limit. */
  turns: numberOrNull,
  completed: numberOrNull,
  goodput: numberOrNull,
  /** Reported output tokens. */
  outputTokens: numberOrNull,
});
/** Per second of the hold; `null` if unknown. */
export type RatesReport = Readonly<z.infer<typeof ratesReport>>;

export const breakdownReport = z.strictObject({
  label: z.enum(LABELS),
  /** `(other)` for all beyond the 50 most frequent ones. */
  value: text,
  /** Times in milliseconds, counts and money as they are. */
  metrics: z.record(text, metricSummary),
});
/** Measurements of the hold's turns with one value of a label. */
export type BreakdownReport = Frozen<z.infer<typeof breakdownReport>>;

export const trendReport = z.strictObject({
  /** A duration (p95 of its seconds), `errors`, `target.memory`, `server.<name>`, or `generator.memory` (one per worker). */
  name: text,
  /** Phase key of the hold. */
  hold: text,
  /** `ratio`: errors for each turn that ended. */
  unit: z.enum(["ms", "ratio", "MB", "number"]),
  first: number,
  second: number,
  /** Slope per hour with its 99 % interval; `null` for holds shorter than five minutes, and for an unbounded end. */
  perHour: numberOrNull,
  perHourLow: numberOrNull,
  perHourHigh: numberOrNull,
  /** More than chance explains. */
  grows: flag,
});
/** One figure over one hold: its second half compared with its first, and its slope. */
export type TrendReport = Readonly<z.infer<typeof trendReport>>;

export const timelinePoint = z.strictObject({
  second: z.int(),
  phase: text,
  usersLive: count,
  usersStarted: count,
  turnsStarted: count,
  turnsEnded: count,
  turnsInFlight: count,
  /** Starts of an open load that came due in this second; `null` under a closed one. */
  starts: startCounts.strict().nullable(),
  /** Turns intended in this second, and how many met every limit; `null` until settled. */
  intended: count.nullable(),
  good: count.nullable(),
  errors: z.record(text, count),
  /** Metrics read from the target in this second. */
  server: z.record(text, number).exactOptional(),
  /** Metric → percentiles of this second, milliseconds; `null` if censored. */
  metrics: z.record(
    text,
    z.strictObject({
      n: count,
      p50: numberOrNull,
      p95: numberOrNull,
      p99: numberOrNull,
      max: numberOrNull,
    }),
  ),
  generator: z.strictObject({
    cpu: number,
    loopDelayP99: number,
    sendLagP99: number,
    rssMb: number,
    /** Milliseconds of the worst worker. */
    gcMs: number,
    cpuWaitMs: number,
    /** Of all workers. */
    bufferedBytes: count,
  }),
});
/** One second of the run for plots. */
export type TimelinePoint = Frozen<z.infer<typeof timelinePoint>>;
