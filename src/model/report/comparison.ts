// The comparison of a candidate with a baseline, version 1: what scripts read, and what every renderer shows.

import type { ExitCode } from "../../support/errors.js";
import type { MetricName } from "../metric.js";
import type { Verdict } from "../verdict.js";

export const COMPARISON_SCHEMA_VERSION = 1;

/** `undecided`: the samples allow both a regression that matters and none. */
export type ChangeVerdict = "worse" | "same" | "better" | "undecided";

/** What counts as a change that matters: beyond both. */
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
  /** Candidate less baseline, with the ends of its 95 % confidence interval; `null` if it is not known. */
  readonly differenceMs: number | null;
  readonly lowMs: number | null;
  readonly highMs: number | null;
  /** Candidate ÷ baseline. */
  readonly ratio: number | null;
  /** Least change that matters, milliseconds. */
  readonly practicalMs: number | null;
  /** Probability of such a difference by chance alone, corrected for the number of comparisons (Holm). */
  readonly probability: number | null;
  readonly verdict: ChangeVerdict;
  /** Whether it decides: the metric has a threshold in the scenario. */
  readonly judged: boolean;
  /** Samples on each side with which this could be decided; absent if it is. */
  readonly neededSamples?: number;
  readonly note?: string;
}

/** A share between 0 and 1, such as the turns that met every limit. */
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
 * Prompts of one kind that no longer begin as they did: a provider's cache of the baseline's prompts ends before
 * `fromByte`, and they part somewhere between it and `toByte`. Bytes count from 0, with each message's role on a line
 * before its text.
 */
export interface PromptChange {
  /** API, and the tools that are offered. */
  readonly kind: string;
  readonly fromByte: number;
  readonly toByte: number;
  /** `other`: all prompts of the candidate go on in another way there; `varies`: they differ among themselves. */
  readonly why: "other" | "varies";
  readonly baseline: PromptSide;
  readonly candidate: PromptSide;
}

interface PromptSide {
  readonly calls: number;
  /** What all its prompts of this kind have in common before the user's first message. */
  readonly sameBytes: number;
}

/** How the two sides differ in what they ran, where, or with what. */
export interface SideDifference {
  readonly what: string;
  readonly baseline: string;
  readonly candidate: string;
  /** A difference after which numbers cannot be compared. */
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
  /** PASS: no regression. FAIL: one. INVALID: it is not known. */
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly reasons: readonly string[];
  readonly differences: readonly SideDifference[];
  readonly confidence: number;
  readonly percentiles: readonly PercentileChange[];
  readonly shares: readonly ShareChange[];
  /** Kinds of prompt that changed; absent if a run had no model endpoint. */
  readonly prompts?: readonly PromptChange[];
}
