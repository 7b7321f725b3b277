// The answer of a capacity search, version 1: how much load holds, what bound it, and the curve up to there.
import type { ExitCode } from "../../support/errors.js";
import type { Verdict } from "../verdict.js";

export const CAPACITY_SCHEMA_VERSION = 1;

/** What a load counts. */
export type CapacityUnit = "users" | "starts a minute";

export type CapacityEnd =
  /** Held and confirmed; the next larger load that was tried broke. */
  | "found"
  /** Held at the largest load that may be tried. */
  | "maximum"
  /** Beyond the answer this machine is the limit, not the target. */
  | "generator"
  /** Even the smallest load breaks. */
  | "nothing"
  /** No time is left for the next probe. */
  | "budget"
  /** A probe could not be judged. */
  | "unknown"
  | "interrupted";

/** One hold at one load. Rates are a second; milliseconds; `null` if nothing was measured or the rank is censored. */
export interface CapacityProbe {
  readonly load: number;
  readonly purpose: "climb" | "bisect" | "confirm";
  readonly outcome: "held" | "broke" | "generator" | "unknown";
  readonly boundBy: readonly string[];
  readonly holdMs: number;
  readonly tookMs: number;
  readonly throughput: number | null;
  readonly goodput: number | null;
  readonly processingP99: number | null;
  readonly responseP50: number | null;
  readonly responseP95: number | null;
  readonly responseP99: number | null;
  readonly historyP99: number | null;
  readonly summary: string;
  /** Folder of its reports, next to the answer's. */
  readonly folder: string;
}

export interface CapacityReport {
  readonly schemaVersion: typeof CAPACITY_SCHEMA_VERSION;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  readonly scenario: string;
  readonly target: string;
  readonly unit: CapacityUnit;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly end: CapacityEnd;
  /** Largest load that held, and the smallest larger one that did not: the truth lies between them. */
  readonly holds: number | null;
  readonly breaks: number | null;
  /** Full-length holds that it passed. */
  readonly confirmed: number;
  /** The service levels that broke at `breaks`. */
  readonly boundBy: readonly string[];
  /** What was asked of it at least; `null` if nothing was. */
  readonly required: number | null;
  /** PASS: known, and as much as required. FAIL: known to be less, or nothing holds. INVALID: it is not known. */
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly probes: readonly CapacityProbe[];
}
