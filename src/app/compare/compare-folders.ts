// Compares runs with a baseline, scenario by scenario, and writes and prints the result.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ComparisonReport,
  DEFAULT_PRACTICAL_LIMIT,
  type PracticalLimit,
} from "../../model/report/comparison.js";
import { compareSides, type Side } from "../../report/comparison/build.js";
import { renderComparisonHtml } from "../../report/comparison/html.js";
import { renderComparisonMarkdown } from "../../report/comparison/markdown.js";
import { renderComparisonTerminal } from "../../report/comparison/terminal.js";
import { defined } from "../../support/defined.js";
import { UserError } from "../../support/errors.js";
import { makeFolder } from "../../support/folder.js";
import { visibleJson } from "../../support/json.js";
import { parseDurationUs } from "../../support/units.js";
import type { AppContext } from "../context.js";
import { tell, wantsColourOn } from "../stdout.js";
import { toolVersion } from "../version.js";
import { type NamedRuns, scenariosOf, sideOf } from "./comparison-sides.js";

/** One scenario on both sides. */
export interface Comparison {
  readonly report: ComparisonReport;
  readonly baseline: Side;
  readonly candidate: Side;
}

/** One comparison for each scenario of the candidate. `given` overrides the scenario's own limits. */
export function compareRuns(
  baseline: NamedRuns,
  candidate: NamedRuns,
  given: Partial<PracticalLimit>,
): readonly Comparison[] {
  return scenariosOf(candidate).map((scenario) => {
    const sides = { baseline: sideOf(baseline, scenario), candidate: sideOf(candidate, scenario) };
    const limit = { ...DEFAULT_PRACTICAL_LIMIT, ...scenarioLimit(sides.candidate), ...given };
    return { ...sides, report: compareSides({ ...sides, limit, toolVersion: toolVersion() }) };
  });
}

/** The smallest change that matters, by flags; empty for the scenario's. */
export function givenLimit(worse: string | undefined, atLeast: string | undefined): Partial<PracticalLimit> {
  const limit: { ratio?: number; us?: number } = {};
  if (worse !== undefined) {
    const match = /^(\d+(?:\.\d+)?)%$/.exec(worse.trim());
    if (!match) throw new UserError(`--worse ${worse} is not a share`, "write it as 10%");
    limit.ratio = Number(match[1]) / 100;
  }
  if (atLeast !== undefined) {
    const us = parseDurationUs(atLeast);
    if (us === undefined) throw new UserError(`--at-least ${atLeast} is not a duration`, "write it as 5ms");
    limit.us = us;
  }
  return limit;
}

/** `baseline:` of the scenario that the candidate ran. */
function scenarioLimit({ runs }: Side): Partial<PracticalLimit> {
  const data = runs[0].header.scenarioData;
  if (typeof data !== "object" || data === null || !("baseline" in data)) return {};
  const { ratio, us } = data.baseline as Partial<PracticalLimit>;
  return defined({ ratio, us });
}

export function printComparison(
  { report }: Comparison,
  print: "terminal" | "markdown",
  noColor: boolean,
  context: AppContext,
): void {
  const colour = wantsColourOn(context, noColor);
  if (print === "markdown") context.stdout(renderComparisonMarkdown(report));
  else tell(renderComparisonTerminal(report, { colour, columns: context.stdoutColumns?.() }), context);
}

/** Writes the three files; returns the path of the page. */
export function writeComparison({ report, baseline, candidate }: Comparison, folder: string): string {
  makeFolder(folder);
  const page = join(folder, "comparison.html");
  writeFileSync(join(folder, "comparison.json"), `${visibleJson(report, 2)}\n`);
  writeFileSync(join(folder, "comparison.md"), renderComparisonMarkdown(report));
  writeFileSync(page, renderComparisonHtml(report, baseline, candidate));
  return page;
}

export function asFolder(name: string): string {
  return name.replace(/[^\w.-]/g, "_");
}
