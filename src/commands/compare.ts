// `gp-load compare`: is the candidate slower than its baseline, and is that more than chance?

import { flagOption, textOption } from "../app/context.js";
import type { ComparisonReport } from "../model/report/comparison.js";
import { UserError, worstExit } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { BASELINES, BASELINES_OPTION, type CommandModule } from "./command.js";

export const compareCommand: CommandModule = {
  name: "compare",
  summary: "compare runs with a baseline: slower, not slower, or too few samples to tell",
  argument: { name: "<runs...>", description: "the baseline, then one or more candidates" },
  options: {
    "--worse <ratio>":
      "smallest change that matters, as a share of the baseline (default: the scenario's, or 10%)",
    "--at-least <duration>": "and at least this much (default: the scenario's, or 5ms)",
    ...BASELINES_OPTION,
    "--out <dir>": "write comparison.json, comparison.html and comparison.md to this folder",
    "--json": "print the comparison as JSON on stdout, and nothing else",
    "--markdown": "print the comparison as Markdown",
    "--no-color": "no colours",
  },
  examples: [
    "gp-load compare reports/20260131T101500000Z-smoke reports/latest",
    "gp-load compare main-1,main-2,main-3 branch-1,branch-2,branch-3",
    "gp-load compare main reports/latest --worse 20% --at-least 10ms --out comparison",
  ],
  async run(input, context) {
    const { asFolder, compareRuns, givenLimit, printComparison, writeComparison } = await import(
      "../app/compare/compare-folders.js"
    );
    const { namedBaseline } = await import("../app/compare/baseline-folder.js");
    const { readRuns } = await import("../app/compare/comparison-sides.js");
    const { basename, join, relative, resolve } = await import("node:path");
    const [named, ...candidates] = input.args;
    if (named === undefined || candidates.length === 0) {
      throw new UserError(
        "compare needs a baseline and a candidate",
        "gp-load compare <baseline> <candidate>; join repeated runs with commas",
      );
    }
    const given = givenLimit(textOption(input, "worse"), textOption(input, "atLeast"));
    const baselines = textOption(input, "baselines") ?? BASELINES;
    const baseline = await readRuns(namedBaseline(named, baselines, context.cwd), context.cwd);
    const out = textOption(input, "out");
    const json = flagOption(input, "json");
    const reports: ComparisonReport[] = [];
    for (const candidate of candidates) {
      const comparisons = compareRuns(baseline, await readRuns(candidate, context.cwd), given);
      for (const comparison of comparisons) {
        const { report } = comparison;
        reports.push(report);
        if (out !== undefined) {
          const base = resolve(context.cwd, out);
          const folder = [
            ...(candidates.length > 1 ? [basename(comparison.candidate.runs[0].folder)] : []),
            ...(comparisons.length > 1 ? [asFolder(report.scenario)] : []),
          ];
          const page = writeComparison(comparison, join(base, ...folder));
          context.stderr(`comparison: ${relative(context.cwd, page)}\n`);
        }
        if (json) continue;
        const print = flagOption(input, "markdown") ? "markdown" : "terminal";
        printComparison(comparison, print, input.options.color === false, context);
      }
    }
    if (json) context.stdout(`${visibleJson(reports.length === 1 ? reports[0] : reports, 2)}\n`);
    return worstExit(reports.map(({ exitCode }) => exitCode));
  },
};
