// The words and paths that every reporter of a suite shares.
import type { SuiteResult, SuiteRun } from "../../model/report/suite.js";
import type { Tone } from "../html/sections/section.js";

export const RESULT_MARK = { PASS: "✓", FAIL: "✗", INVALID: "?", "not-run": "–" } as const satisfies Record<
  SuiteResult,
  string
>;
export const RESULT_WORD = {
  PASS: "PASS",
  FAIL: "FAIL",
  INVALID: "INVALID",
  "not-run": "not run",
} as const satisfies Record<SuiteResult, string>;
export const RESULT_TONE = {
  PASS: "good",
  FAIL: "bad",
  INVALID: "warn",
  "not-run": "quiet",
} as const satisfies Record<SuiteResult, Tone>;

/** The scenario, with the number of its repetition. */
export function runName({ scenario, repetition }: Pick<SuiteRun, "scenario" | "repetition">): string {
  return repetition === undefined ? scenario : `${scenario} #${repetition}`;
}

/** Relative URL of a file in a run's folder; `undefined` if there is no folder. */
export function linkTo({ folder }: SuiteRun, file: string): string | undefined {
  if (folder === null) return undefined;
  return [...folder.split("/"), file].map(encodeURIComponent).join("/").replaceAll("%2E%2E", "..");
}
