// The words and paths that every reporter of a suite shares.
import type { SuiteRun } from "../../model/report/suite.js";

/** The scenario, with the number of its repetition. */
export function runName({ scenario, repetition }: Pick<SuiteRun, "scenario" | "repetition">): string {
  return repetition === undefined ? scenario : `${scenario} #${repetition}`;
}

/** Relative URL of a file in a run's folder; `undefined` if there is no folder. */
export function linkTo({ folder }: SuiteRun, file: string): string | undefined {
  if (folder === null) return undefined;
  return [...folder.split("/"), file].map(encodeURIComponent).join("/").replaceAll("%2E%2E", "..");
}
