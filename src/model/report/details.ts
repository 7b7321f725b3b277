// What reporters show in addition to the report: curves, waterfalls and raw histograms, all from run.jsonl.
import type { MetricName } from "../metric.js";
import type { KeptTurn } from "../turn/turn.js";

/** `percentile` from 0 to 1; `valueMs` is `null` if the rank is censored. */
export interface SpectrumPoint {
  readonly percentile: number;
  readonly valueMs: number | null;
}

/** How many samples took how long; bar `n` has those from `edgesMs[n]` to before `edgesMs[n + 1]`, the last including its edge. */
export interface Histogram {
  readonly edgesMs: readonly number[];
  readonly counts: readonly number[];
}

export interface Spectrum {
  readonly metric: MetricName;
  readonly response: readonly SpectrumPoint[];
  readonly service?: readonly SpectrumPoint[];
  readonly histogram: Histogram;
  /** Limits of the metric's rules, milliseconds, drawn as lines. */
  readonly limitsMs: readonly number[];
}

/** One interval histogram for `histograms.hlog`. */
export interface HistogramInterval {
  readonly tag: string;
  readonly startSeconds: number;
  readonly lengthSeconds: number;
  readonly maxMs: number;
  /** HdrHistogram V2, compressed, base64. */
  readonly encoded: string;
}

/** Pages related to a report, relative to its folder; absent if there are none. */
export interface ReportLinks {
  /** The suite that the run was part of. */
  readonly suite?: string;
  /** All runs of the reports folder. */
  readonly history?: string;
  /** The previous run of the same scenario, target and load. */
  readonly before?: string;
}

export interface ReportDetails {
  readonly spectra: readonly Spectrum[];
  readonly keptTurns: readonly KeptTurn[];
  readonly histograms: readonly HistogramInterval[];
  readonly links?: ReportLinks;
}
