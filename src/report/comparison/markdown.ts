// Renders a comparison in GitHub-flavoured Markdown, for a pull request or a job's summary page.
import type { ComparisonReport } from "../../model/report/comparison.js";
import { cell, markdownTable } from "../text/markdown-parts.js";
import { marked } from "../text/states.js";
import {
  CHANGE_COLUMNS,
  CHANGE_MARK,
  changeCells,
  changeNote,
  promptChangeText,
  tellsChanges,
} from "./wording.js";

export function renderComparisonMarkdown(report: ComparisonReport): string {
  const changes = [...report.percentiles, ...report.shares];
  const rows = changes.map((change) => [
    !change.judged
      ? "not judged"
      : tellsChanges(report)
        ? `${CHANGE_MARK[change.verdict]} ${change.verdict}`
        : "says nothing",
    ...changeCells(change),
    changeNote(change, report),
  ]);
  const [first, ...rest] = CHANGE_COLUMNS;
  const differences = report.differences.map(
    ({ what, baseline, candidate, forbids }) =>
      `- ${forbids ? "**forbids a comparison:** " : ""}${cell(what)}: ${cell(baseline)} → ${cell(candidate)}`,
  );
  return `${[
    `## ${marked(report.verdict)}: ${cell(report.scenario)} against its baseline`,
    cell(report.summary),
    report.reasons.map((reason) => `- ${cell(reason)}`).join("\n"),
    `baseline ${cell(report.baseline.name)} · candidate ${cell(report.candidate.name)}`,
    differences.length === 0 ? "" : `### What else differs\n\n${differences.join("\n")}`,
    promptLines(report),
    markdownTable(["", first, ...rest.map((column) => `>${column}`), "note"], rows),
  ]
    .filter((block) => block !== "")
    .join("\n\n")}\n`;
}

function promptLines({ prompts = [] }: ComparisonReport): string {
  if (prompts.length === 0) return "";
  return `### Prompts\n\n${prompts.map((change) => `- ${cell(promptChangeText(change))}`).join("\n")}`;
}
