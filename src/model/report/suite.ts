// The account of several scenarios in one command, version 1: what suite.json holds and the suite's reporters render.
import type { ExitCode } from "../../support/errors.js";
import type { Verdict } from "../verdict.js";

export const SUITE_SCHEMA_VERSION = 1;

/** A run's verdict; `not-run` for a scenario that was never started or broke off without a report. */
export type SuiteResult = Verdict | "not-run";

export interface SuiteRun {
  readonly scenario: string;
  /** From 1, where the same scenario was to be run several times. */
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
  /** The rules, checks and reasons that broke it, one line each, bounded; empty for PASS. */
  readonly why: readonly string[];
  /** ISO 8601; `null`, as the three below, for a scenario that was not run. */
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  /** Turns that were begun. */
  readonly turns: number | null;
  /** How many things its report lists as not checked. */
  readonly notChecked: number | null;
  /** Folder of the run's reports, relative to the suite's, with forward slashes. */
  readonly folder: string | null;
}

export interface SuiteReport {
  readonly schemaVersion: typeof SUITE_SCHEMA_VERSION;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  readonly startedAt: string;
  readonly durationMs: number;
  /** PASS when every scenario passed; FAIL when one failed; else INVALID: something was not run, or says nothing. */
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  readonly summary: string;
  readonly counts: {
    readonly passed: number;
    readonly failed: number;
    readonly invalid: number;
    readonly notRun: number;
  };
  /** In the order in which they were to be run. */
  readonly runs: readonly SuiteRun[];
}
