// Renders the result of a capacity search in GitHub-flavoured Markdown.
import type { CapacityReport } from "../../model/report/capacity.js";
import { cell, markdownTable } from "../text/markdown-parts.js";
import { marked } from "../text/states.js";
import { byLoad, PROBE_COLUMNS, probeCells } from "./wording.js";

export function renderCapacityMarkdown(report: CapacityReport): string {
  const columns = PROBE_COLUMNS.map((name) => (name === "purpose" || name === "outcome" ? name : `>${name}`));
  return `${[
    `## ${marked(report.verdict)}: capacity of ${cell(report.scenario)}`,
    cell(report.summary),
    markdownTable(columns, byLoad(report).map(probeCells)),
  ].join("\n\n")}\n`;
}
