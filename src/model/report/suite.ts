// Several scenarios run by one command, version 1: suite.json, for scripts and the suite's reporters.
import type { ExitCode } from "../../support/errors.js";
import type { Verdict } from "../verdict.js";

export const SUITE_SCHEMA_VERSION = 1;

/** A run's verdict; `not-run` for a scenario that never started or left no report. */
export type SuiteResult = Verdict | "not-run";

export interface SuiteRun {
  readonly scenario: string;
  /** From 1; absent without --repeat. */
  readonly repetition?: number;
  readonly description: string;
  readonly tags: readonly string[];
  /** Name of the target in the file, or its URL. */
  readonly target: string;
  readonly result: SuiteResult;
  /** `null` for a scenario that was not run. */
  readonly exitCode: ExitCode | null;
  /** One sentence: why the result is what it is. */
  readonly summary: string;
  /** Broken rules, checks and reasons, one line each, limited in number; empty for PASS. */
  readonly why: readonly string[];
  /** ISO 8601; `null`, as the three below, for a scenario that was not run. */
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  /** Turns started. */
  readonly turns: number | null;
  /** Number of things not checked. */
  readonly notChecked: number | null;
  /** Folder of the run's reports, relative to the suite's, with forward slashes. */
  readonly folder: string | null;
}

export interface SuiteReport {
  readonly schemaVersion: typeof SUITE_SCHEMA_VERSION;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  readonly startedAt: string;
  readonly durationMs: number;
  /** PASS if every scenario passed; FAIL if one failed; otherwise INVALID. */
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly counts: {
    readonly passed: number;
    readonly failed: number;
    readonly invalid: number;
    readonly notRun: number;
  };
  /** In the order planned. */
  readonly runs: readonly SuiteRun[];
}
