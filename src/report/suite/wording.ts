// The words and paths that every reporter of a suite shares.
import type { SuiteRun } from "../../model/report/suite.js";
import { formatCount } from "../../support/units.js";
import { formatMs } from "../text/wording.js";

/** The scenario, with the number of its repetition. */
export function runName({ scenario, repetition }: Pick<SuiteRun, "scenario" | "repetition">): string {
  return repetition === undefined ? scenario : `${scenario} #${repetition}`;
}

/** Turns, duration, and what was not checked. */
export function runFigures({ turns, durationMs, notChecked }: SuiteRun): readonly [string, string, string] {
  const figure = (value: number | null): string => (value === null ? "–" : formatCount(value));
  return [figure(turns), formatMs(durationMs), figure(notChecked)];
}

/** Relative URL of a file in a run's folder; `undefined` if there is no folder. */
export function linkTo({ folder }: SuiteRun, file: string): string | undefined {
  if (folder === null) return undefined;
  return [...folder.split("/"), file].map(encodeURIComponent).join("/").replaceAll("%2E%2E", "..");
}
