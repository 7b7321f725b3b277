// `--baseline`: compares the runs just made with a baseline; the worse of both verdicts is the exit code.
import { join, relative } from "node:path";
import type { ComparisonReport } from "../../model/report/comparison.js";
import { renderComparisonMarkdown } from "../../report/comparison/markdown.js";
import { comparisonAnnotations, type Locate } from "../../report/formats/annotations.js";
import { appendSummary } from "../../report/write-whole.js";
import { EXIT, type ExitCode, worstExit } from "../../support/errors.js";
import { namedBaseline } from "../compare/baseline-folder.js";
import { asFolder, compareRuns, printComparison, writeComparison } from "../compare/compare-folders.js";
import { readRuns, readRunsAt, scenariosOf } from "../compare/comparison-sides.js";
import type { AppContext } from "../context.js";
import type { Copies } from "./copies.js";

/** Folders are absolute. */
export interface GatedRuns {
  readonly exit: ExitCode;
  /** Of the run or the suite; the comparison is written there. */
  readonly folder: string;
  readonly runFolders: readonly string[];
}

export interface GateVerdict {
  /** The worse of the exit codes of runs and comparisons. */
  readonly exit: ExitCode;
  /** Added to the output of `--json`. */
  readonly told: { readonly comparisons?: readonly ComparisonReport[] };
}

export interface Gate {
  judge(runs: GatedRuns, settings: GateSettings, context: AppContext): Promise<GateVerdict>;
}

interface GateSettings {
  readonly json: boolean;
  readonly noColor: boolean;
  readonly copies?: Copies;
  readonly locate?: Locate;
}

/** Reads the baseline. Throws a `UserError` if there is none; warns of scenarios that it lacks. */
export async function openGate(
  given: string,
  baselines: string,
  scenarios: readonly string[],
  { cwd, stderr }: AppContext,
): Promise<Gate> {
  const baseline = { ...(await readRuns(namedBaseline(given, baselines, cwd), cwd)), name: given };
  const known = scenariosOf(baseline);
  const missing = [...new Set(scenarios)].filter((name) => !known.includes(name));
  for (const name of missing) {
    stderr(`warning: the baseline ${given} has no run of ${name}: the comparison will be INVALID\n`);
  }
  return {
    async judge({ exit, folder, runFolders }, { json, noColor, copies, locate }, context) {
      // A run cut short cannot be compared with a whole one.
      if (exit === EXIT.interrupted || runFolders.length === 0) return { exit, told: {} };
      const shown = relative(context.cwd, folder) || folder;
      const comparisons = compareRuns(baseline, await readRunsAt(shown, runFolders), {});
      for (const comparison of comparisons) {
        const { report } = comparison;
        const own = comparisons.length > 1 ? join(folder, asFolder(report.scenario)) : folder;
        const page = writeComparison(comparison, own);
        context.annotate?.(comparisonAnnotations(report, locate));
        const summary = renderComparisonMarkdown(report);
        for (const path of [context.env.GITHUB_STEP_SUMMARY, copies?.summary])
          await appendSummary(path, summary);
        if (json) continue;
        context.stdout("\n");
        printComparison(comparison, "terminal", noColor, context);
        context.stdout(`  comparison: ${relative(context.cwd, page)}\n`);
      }
      const reports = comparisons.map(({ report }) => report);
      const codes = reports.map(({ exitCode }) => exitCode);
      return { exit: worstExit([exit, ...codes]), told: { comparisons: reports } };
    },
  };
}
