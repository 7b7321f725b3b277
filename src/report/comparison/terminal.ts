// Renders a comparison for a terminal or a log: verdict first, then every difference.
import { Chalk } from "chalk";
import type { ChangeVerdict, ComparisonReport } from "../../model/report/comparison.js";
import { fittingColumns } from "../../support/terminal-text.js";
import { oneLine } from "../../support/text.js";
import { marked, painterOf } from "../text/states.js";
import { formatStart } from "../text/wording.js";
import {
  CHANGE_COLUMNS,
  CHANGE_MARK,
  changeCells,
  changeNote,
  promptChangeText,
  tellsChanges,
} from "./wording.js";

/** Metric, both sides, and their difference. */
const LEAST_COLUMNS = 4;

export function renderComparisonTerminal(
  report: ComparisonReport,
  {
    colour,
    columns = Number.POSITIVE_INFINITY,
  }: { readonly colour: boolean; readonly columns?: number | undefined },
): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const byChange = {
    worse: paint.red,
    same: (text: string) => text,
    better: paint.green,
    undecided: paint.yellow,
  } satisfies Record<ChangeVerdict, (text: string) => string>;
  const changes = [...report.percentiles, ...report.shares];
  const rows = [CHANGE_COLUMNS, ...changes.map(changeCells)].map((cells) => cells.map(oneLine));
  const fitted = fittingColumns(rows, columns - 2, LEAST_COLUMNS, (column) => column > 0);
  // A narrow terminal has no room for the share in brackets.
  const brief = rows.map((cells) =>
    cells.slice(0, LEAST_COLUMNS).map((cell) => cell.replace(/ \(.*\)$/, "")),
  );
  const [head = "", ...lines] = fitted.every((line) => line.length <= columns - 2)
    ? fitted
    : fittingColumns(brief, columns - 2, LEAST_COLUMNS, (column) => column > 0);
  const side = ({ name, runs }: ComparisonReport["baseline"]): string =>
    `${oneLine(name)} (${runs.map(({ startedAt, verdict }) => `${formatStart(startedAt)} ${verdict}`).join(", ")})`;
  return `${[
    `${painterOf(report.verdict, paint).bold(marked(report.verdict))}  ${paint.bold(oneLine(report.scenario))}  ${oneLine(report.summary)}`,
    paint.dim(`  baseline  ${side(report.baseline)}`),
    paint.dim(`  candidate ${side(report.candidate)}`),
    ...report.reasons.map((reason) => `  ${oneLine(reason)}`),
    ...report.differences.map(
      ({ what, baseline, candidate, forbids }) =>
        `${forbids ? paint.red("✗") : paint.yellow("!")} ${oneLine(`${what} differs: ${baseline} → ${candidate}`)}`,
    ),
    ...(report.prompts ?? []).map((change) => `${paint.yellow("!")} ${oneLine(promptChangeText(change))}`),
    "",
    paint.dim(`  ${head}`),
    ...changes.map((change, index) => {
      const note = changeNote(change, report);
      const told = change.judged && tellsChanges(report);
      const mark = told ? CHANGE_MARK[change.verdict] : change.judged ? "?" : "·";
      const line = `${mark} ${lines[index] ?? ""}`;
      const shown = told ? byChange[change.verdict](line) : paint.dim(line);
      return note === "" ? shown : `${shown}  ${paint.dim(note)}`;
    }),
    paint.dim("  · has no threshold in the scenario: shown, not judged"),
  ].join("\n")}\n`;
}
