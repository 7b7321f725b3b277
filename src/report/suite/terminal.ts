// Renders the result of a suite for a terminal or a log: one line per scenario, then the overall verdict.
import { Chalk, type ChalkInstance } from "chalk";
import type { SuiteReport, SuiteRun } from "../../model/report/suite.js";
import { alignColumns } from "../../support/terminal-text.js";
import { oneLine, shorten } from "../../support/text.js";
import { formatUs } from "../../support/units.js";
import { marked, markOf, painterOf, stateWords } from "../text/states.js";
import { runFigures, runName } from "./wording.js";

const LONGEST_WHY = 72;

export interface SuiteTerminalOptions {
  /** Use colours and bold; otherwise there are no escape sequences. */
  readonly colour: boolean;
  /** Folder of the suite, for people. */
  readonly directory: string;
  /** Folder of a run, for people. */
  readonly shownFolder: (run: SuiteRun) => string;
}

/** The combined result as text, ending in a line break. */
export function renderSuiteTerminal(suite: SuiteReport, options: SuiteTerminalOptions): string {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  const lines = [
    suiteVerdictLine(suite, paint),
    "",
    ...tableLines(suite, options, paint),
    "",
    `  suite: ${options.directory}/index.html`,
  ];
  return `${lines.join("\n")}\n`;
}

function suiteVerdictLine(suite: SuiteReport, paint: ChalkInstance): string {
  const verdict = painterOf(suite.verdict, paint).bold(marked(suite.verdict));
  const facts = `${formatUs(suite.durationMs * 1000)} · exit code ${suite.exitCode}`;
  return `${verdict}  ${paint.bold(suite.summary)}  ${paint.dim(facts)}`;
}

function tableLines(
  suite: SuiteReport,
  { shownFolder }: SuiteTerminalOptions,
  paint: ChalkInstance,
): string[] {
  const rows = suite.runs.map((run) => [
    oneLine(runName(run)),
    stateWords(run.result),
    firstCause(run),
    ...runFigures(run).slice(0, 2),
    run.folder === null ? "" : `${shownFolder(run)}/report.html`,
  ]);
  const table = [["SCENARIO", "VERDICT", "WHAT BROKE IT", "TURNS", "DURATION", "REPORT"], ...rows];
  const [head = "", ...lines] = alignColumns(table, (column) => column === 3 || column === 4);
  return [
    paint.dim(`  ${head}`),
    ...lines.map((line, index) => {
      const result = suite.runs[index]?.result ?? "not-run";
      const painter = painterOf(result, paint);
      return `${painter(markOf(result))} ${result === "PASS" ? line : painter(line)}`;
    }),
  ];
}

/** The first thing that broke it, and how many more there are. */
function firstCause({ result, why, summary }: SuiteRun): string {
  if (result === "PASS") return "";
  const [first = summary] = why;
  const more = why.length > 1 ? ` (+${why.length - 1})` : "";
  return `${shorten(first, LONGEST_WHY - more.length)}${more}`;
}
