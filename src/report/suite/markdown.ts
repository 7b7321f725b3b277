// Renders a suite's summary.md: all scenarios in one table, and what broke those that did not pass.
import type { SuiteReport, SuiteRun } from "../../model/report/suite.js";
import { formatUs } from "../../support/units.js";
import { cell, markdownTable } from "../text/markdown-parts.js";
import { marked, markOf } from "../text/states.js";
import { formatStart } from "../text/wording.js";
import { runFigures, runName } from "./wording.js";

/** Verdict first. Text from the target cannot break out of its cell. */
export function renderSuiteMarkdown(suite: SuiteReport): string {
  const facts = [
    formatStart(suite.startedAt),
    formatUs(suite.durationMs * 1000),
    `exit code ${suite.exitCode}`,
  ];
  const blocks = [
    `## ${marked(suite.verdict)}: ${cell(suite.summary)}\n\n${facts.join(" · ")}`,
    runsTable(suite.runs),
    ...suite.runs.filter(({ result }) => result !== "PASS").map(broken),
    `<sub>gp-load ${cell(suite.tool.version)}</sub>`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function runsTable(runs: readonly SuiteRun[]): string {
  if (runs.length === 0) return "";
  const rows = runs.map((run) => [
    marked(run.result),
    runName(run),
    run.result === "PASS" ? "" : run.summary,
    ...runFigures(run),
  ]);
  return markdownTable(["", "scenario", "what broke it", ">turns", ">duration", ">not checked"], rows);
}

function broken(run: SuiteRun): string {
  const { result, why, folder } = run;
  const lines = why.map((line) => `- ${cell(line)}`);
  const where = folder === null ? "" : `\n\nReport: ${cell(folder.replace(/^.*\//, ""))}/report.html`;
  return `### ${markOf(result)} ${cell(runName(run))}\n\n${lines.join("\n")}${where}`;
}
