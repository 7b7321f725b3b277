// What the page's own script is given: the shapes of the JSON inside report.html.
import type { Spectrum } from "../../model/report/details.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import type { FailurePlace } from "../text/failures.js";

/** Values over time, one a point of `seconds`; `null` where nothing was measured. */
export type Curve = readonly (number | null)[];

export interface PageData {
  /** Instants of all curves: seconds since the start barrier. */
  readonly seconds: readonly number[];
  /** Seconds that one point stands for: 1, or more when a long run was thinned out. */
  readonly secondsPerPoint: number;
  readonly phases: readonly PageBand[];
  /** Bands of what was broken on purpose; an instant is a band without width. */
  readonly faults: readonly PageBand[];
  readonly notes: readonly { readonly atS: number; readonly text: string }[];
  readonly load: Readonly<Record<LoadCurve, Curve>>;
  /** Reason → turns a second. */
  readonly errors: Readonly<Record<string, Curve>>;
  /** Metric → milliseconds. */
  readonly latencies: Readonly<Record<string, LatencyCurves>>;
  /** What the target told, by its name in the scenario file. */
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
/** `censored` holds the instants whose p99 is of a turn that never ended, so that no curve can show it. */
export type LatencyCurves = Readonly<Record<"p50" | "p95" | "p99", Curve>> & {
  readonly censored: readonly number[];
};

/** Percentiles of one metric by the values of one label; `null` where it is censored. */
export interface BreakdownCurves extends Readonly<Record<"p50" | "p95" | "p99", Curve>> {
  readonly label: string;
  readonly metric: string;
  /** Milliseconds, and not a number of something. */
  readonly time: boolean;
  readonly values: readonly string[];
}

/** One phase as a band behind the curves. */
interface PageBand {
  readonly label: string;
  readonly startS: number;
  readonly endS: number;
}

/** What the script of a comparison's page is given. */
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
  /** Milliseconds, one a second. */
  readonly p50: Curve;
  readonly p95: Curve;
}

/** What the script of a capacity search's page is given: one entry a probe, by load. */
export interface CapacityPageData {
  readonly unit: string;
  readonly loads: readonly number[];
  /** A second. */
  readonly throughput: Curve;
  readonly goodput: Curve;
  /** Of the response, milliseconds. */
  readonly p50: Curve;
  readonly p95: Curve;
  readonly p99: Curve;
  readonly holds: number | null;
  readonly breaks: number | null;
}

/** What the script of a history's page is given: newest first, in the order of its rows. */
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
    /** One entry a metric: p50, p95 and p99 in milliseconds; `null` where it was not measured. */
    readonly values: readonly (readonly (number | null)[] | null)[];
  }[];
}
