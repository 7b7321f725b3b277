// The result of a capacity search, version 1: the load that holds, what limits it, and the curve up to there.
import type { ExitCode } from "../../support/errors.js";
import type { Verdict } from "../verdict.js";

export const CAPACITY_SCHEMA_VERSION = 1;

/** What a load counts. */
export type CapacityUnit = "users" | "starts a minute";

export type CapacityEnd =
  /** Held and confirmed; the next larger load tried broke. */
  | "found"
  /** Held at the largest load allowed. */
  | "maximum"
  /** Above this, the machine is the limit, not the target. */
  | "generator"
  /** Even the smallest load breaks. */
  | "nothing"
  /** No time is left for the next probe. */
  | "budget"
  /** A probe could not be judged. */
  | "unknown"
  | "interrupted";

/** One hold at one load. Rates per second, times in milliseconds; `null` if not measured or censored. */
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
  /** The largest load that held, and the smallest larger one that did not: the limit is between them. */
  readonly holds: number | null;
  readonly breaks: number | null;
  /** Full-length holds that it passed. */
  readonly confirmed: number;
  /** The service levels that broke at `breaks`. */
  readonly boundBy: readonly string[];
  /** The required load; `null` for none. */
  readonly required: number | null;
  /** PASS: known, and enough. FAIL: known to be less than required, or nothing holds. INVALID: unknown. */
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly probes: readonly CapacityProbe[];
}
