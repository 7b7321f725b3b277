// The comparison of a candidate with a baseline, version 1: for scripts and renderers.

import type { ExitCode } from "../../support/errors.js";
import type { MetricName } from "../metric.js";
import type { Verdict } from "../verdict.js";

export const COMPARISON_SCHEMA_VERSION = 1;

/** `undecided`: the samples fit both a relevant regression and none. */
export type ChangeVerdict = "worse" | "same" | "better" | "undecided";

/** The smallest change that matters: it must exceed both. */
export interface PracticalLimit {
  /** Share of the baseline's value, such as 0.1. */
  readonly ratio: number;
  /** Microseconds. */
  readonly us: number;
}

export const DEFAULT_PRACTICAL_LIMIT: PracticalLimit = { ratio: 0.1, us: 5000 };

/** One percentile of one metric. Milliseconds; `n` are attempts. */
export interface PercentileChange {
  readonly metric: MetricName;
  readonly percentile: string;
  readonly baseline: { readonly n: number; readonly ms: number | null };
  readonly candidate: { readonly n: number; readonly ms: number | null };
  /** Candidate minus baseline, with its 95 % confidence interval; `null` if unknown. */
  readonly differenceMs: number | null;
  readonly lowMs: number | null;
  readonly highMs: number | null;
  /** Candidate ÷ baseline. */
  readonly ratio: number | null;
  /** The smallest change that matters, milliseconds. */
  readonly practicalMs: number | null;
  /** p-value, corrected for the number of comparisons (Holm). */
  readonly probability: number | null;
  readonly verdict: ChangeVerdict;
  /** Whether it counts for the verdict: the metric has a threshold in the scenario. */
  readonly judged: boolean;
  /** Samples per side that would decide it, if it is undecided. */
  readonly neededSamples?: number;
  readonly note?: string;
}

/** A share from 0 to 1, such as the turns that met every limit. */
export interface ShareChange {
  readonly metric: MetricName;
  readonly baseline: { readonly n: number; readonly share: number | null };
  readonly candidate: { readonly n: number; readonly share: number | null };
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly practical: number;
  readonly probability: number | null;
  readonly verdict: ChangeVerdict;
  readonly judged: boolean;
  readonly note?: string;
}

/**
 * Prompts of one kind that start differently: a provider's cache of the baseline's prompts ends before `fromByte`, and
 * they diverge between it and `toByte`. Bytes count from 0, with each message's role on a line before its text.
 */
export interface PromptChange {
  /** API, and the tools offered. */
  readonly kind: string;
  readonly fromByte: number;
  readonly toByte: number;
  /** `other`: all prompts of the candidate continue differently; `varies`: they differ among themselves. */
  readonly why: "other" | "varies";
  readonly baseline: PromptSide;
  readonly candidate: PromptSide;
}

interface PromptSide {
  readonly calls: number;
  /** Common start of all its prompts of this kind, before the user's first message. */
  readonly sameBytes: number;
}

/** A difference in what the two sides ran, where, or with what. */
export interface SideDifference {
  readonly what: string;
  readonly baseline: string;
  readonly candidate: string;
  /** It makes the numbers incomparable. */
  readonly forbids: boolean;
}

export interface ComparedSide {
  readonly name: string;
  readonly runs: readonly {
    readonly runId: string;
    readonly startedAt: string;
    readonly verdict: Verdict;
    readonly folder: string;
  }[];
}

export interface ComparisonReport {
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  readonly scenario: string;
  readonly baseline: ComparedSide;
  readonly candidate: ComparedSide;
  /** PASS: no regression. FAIL: a regression. INVALID: unknown. */
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly reasons: readonly string[];
  readonly differences: readonly SideDifference[];
  readonly confidence: number;
  readonly percentiles: readonly PercentileChange[];
  readonly shares: readonly ShareChange[];
  /** Absent if a run had no model endpoint. */
  readonly prompts?: readonly PromptChange[];
}
