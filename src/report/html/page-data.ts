// The shapes of the JSON inside the pages, which their scripts read.
import type { Spectrum } from "../../model/report/details.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import type { FailurePlace } from "../text/failures.js";

/** Values over time, one per point of `seconds`; `null` if nothing was measured. */
export type Curve = readonly (number | null)[];

export interface PageData {
  /** The x values of all curves: seconds since the start barrier. */
  readonly seconds: readonly number[];
  /** Seconds per point: 1, or more in a long run. */
  readonly secondsPerPoint: number;
  readonly phases: readonly PageBand[];
  /** Faults as bands; an instant is a band without width. */
  readonly faults: readonly PageBand[];
  readonly notes: readonly { readonly atS: number; readonly text: string }[];
  readonly load: Readonly<Record<LoadCurve, Curve>>;
  /** Reason → turns per second. */
  readonly errors: Readonly<Record<string, Curve>>;
  /** Metric → milliseconds. */
  readonly latencies: Readonly<Record<string, LatencyCurves>>;
  /** Metrics that the target reported, by their name in the scenario file. */
  readonly server: Readonly<Record<string, Curve>>;
  readonly generator: Readonly<Record<GeneratorCurve, Curve>>;
  readonly generatorBoundMs: number;
  readonly spectra: readonly Spectrum[];
  readonly breakdown: readonly BreakdownCurves[];
  /** Metric → limits of its rules, milliseconds. */
  readonly limitsMs: Readonly<Record<string, readonly number[]>>;
  readonly turns: readonly KeptTurn[];
  readonly failed: readonly FailurePlace[];
}

type LoadCurve =
  | "usersLive"
  | "usersStarted"
  | "turns"
  | "goodput"
  | "inFlight"
  | "planned"
  | "made"
  | "droppedByTarget"
  | "droppedByGenerator";
type GeneratorCurve = "sendLag" | "loopDelay" | "cpu" | "rss" | "gc" | "wait" | "buffered";
/** `censored`: the instants whose p99 is a turn that never ended, which no curve can show. */
export type LatencyCurves = Readonly<Record<"p50" | "p95" | "p99", Curve>> & {
  readonly censored: readonly number[];
};

/** Percentiles of one metric by the values of one label; `null` if censored. */
export interface BreakdownCurves extends Readonly<Record<"p50" | "p95" | "p99", Curve>> {
  readonly label: string;
  readonly metric: string;
  /** In milliseconds, rather than a count. */
  readonly time: boolean;
  readonly values: readonly string[];
}

/** One phase as a band behind the curves. */
interface PageBand {
  readonly label: string;
  readonly startS: number;
  readonly endS: number;
}

/** For the page of a comparison. */
export interface ComparisonPageData {
  /** Seconds since the hold began. */
  readonly seconds: readonly number[];
  readonly metrics: readonly {
    readonly metric: string;
    readonly baseline: ComparedCurves;
    readonly candidate: ComparedCurves;
  }[];
}

export interface ComparedCurves {
  readonly spectrum: Spectrum["response"];
  /** Milliseconds, one per second. */
  readonly p50: Curve;
  readonly p95: Curve;
}

/** For the page of a capacity search: one entry per probe, by load. */
export interface CapacityPageData {
  readonly unit: string;
  readonly loads: readonly number[];
  /** Per second. */
  readonly throughput: Curve;
  readonly goodput: Curve;
  /** Response times, milliseconds. */
  readonly p50: Curve;
  readonly p95: Curve;
  readonly p99: Curve;
  readonly holds: number | null;
  readonly breaks: number | null;
}

/** For the page of the history: newest first, in the order of its rows. */
export interface HistoryPageData {
  readonly metrics: readonly string[];
  readonly runs: readonly {
    readonly scenario: string;
    readonly target: string;
    readonly load: string;
    readonly tags: readonly string[];
    readonly verdict: string;
    readonly startedAt: string;
    readonly goodput: number | null;
    /** One entry per metric: p50, p95 and p99 in milliseconds; `null` if not measured. */
    readonly values: readonly (readonly (number | null)[] | null)[];
  }[];
}
