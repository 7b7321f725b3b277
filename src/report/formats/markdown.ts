// Renders summary.md: the result in GitHub-flavoured Markdown, for a pull request or a job's summary page.

import type { RunReport } from "../../model/report/report.js";
import { DELIVERIES } from "../../model/turn/ledger.js";
import { formatCount, formatUs } from "../../support/units.js";
import { cell, markdownTable } from "../text/markdown-parts.js";
import { marked, markOf } from "../text/states.js";
import { outcomeText } from "../text/turn-words.js";
import {
  anomalyCounts,
  bySeverity,
  describeEvidence,
  failedRequestSentence,
  faultSentence,
  formatMs,
  formatStart,
  generatorLine,
  ledgerEquation,
  ledgerVerdict,
  plural,
  SEVERITY_MARK,
  startedUsers,
  startsLine,
  usersText,
} from "../text/wording.js";

const MAX_FINDINGS = 50;
const MAX_EVIDENCE = 5;
const MAX_GROUPS = 100;
const MAX_TURNS = 10;

/** The summary: verdict first, then what led to it. Text from the target cannot break out of its cell. */
export function renderMarkdown(report: RunReport): string {
  const blocks = [
    header(report),
    invalidReasons(report),
    slaTable(report),
    faults(report),
    ledger(report),
    failedRequests(report),
    findings(report),
    turns(report),
    checks(report),
    access(report),
    latencies(report),
    notChecked(report),
    `### Generator\n\n${cell(generatorLine(report))}`,
    `<sub>gp-load ${cell(report.tool.version)} · run ${cell(report.runId)} · seed ${report.seed}</sub>`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function header(report: RunReport): string {
  const users = startedUsers(report);
  const facts = [
    `scenario **${cell(report.scenario.name)}**`,
    `target ${cell(report.target.name)} (${cell(report.target.url)})`,
    formatStart(report.startedAt),
    formatUs(report.durationMs * 1000),
    ...(users > 0 ? [cell(usersText(report))] : []),
  ];
  return `## ${marked(report.verdict)}: ${cell(report.scenario.name)}\n\n${cell(report.summary)}\n\n${facts.join(" · ")}`;
}

function invalidReasons(report: RunReport): string {
  if (report.invalidReasons.length === 0) return "";
  const lines = report.invalidReasons.map((reason) => {
    const advice = reason.advice === undefined ? "" : ` *${cell(reason.advice)}*`;
    return `- **${cell(reason.code)}**: ${cell(reason.message)}${advice}`;
  });
  const title =
    report.verdict === "FAIL" ? "What else could not be determined" : "Why this run is inconclusive";
  return `### ${title}\n\n${lines.join("\n")}`;
}

function slaTable(report: RunReport): string {
  if (report.sla.length === 0) return "";
  const rows = report.sla.map((rule) => {
    const name = rule.step === undefined ? rule.metric : `${rule.metric} (${rule.step})`;
    const notes = [rule.judgedAs === undefined ? "" : `judged as ${rule.judgedAs}`, rule.note ?? ""];
    return [
      `${markOf(rule.verdict)} ${rule.verdict}`,
      name,
      rule.rule,
      rule.observedText,
      formatCount(rule.n),
      formatCount(rule.violations),
      formatCount(rule.censored),
      notes.filter((note) => note !== "").join("; "),
    ];
  });
  return `### SLA\n\n${markdownTable(["", "metric", "rule", "observed", ">n", ">violations", ">censored", "note"], rows)}`;
}

function faults(report: RunReport): string {
  if (report.faults.length === 0) return "";
  const shown = report.faults.slice(0, MAX_FINDINGS).map((fault) => `- ${cell(faultSentence(fault))}`);
  const left = report.faults.length - shown.length;
  return `### Faults\n\n${[...shown, ...(left > 0 ? [`- … and ${left} more`] : [])].join("\n")}`;
}

function ledger(report: RunReport): string {
  const state = ledgerVerdict(report.ledger);
  const reasons = Object.entries(report.ledger.reasons).map(
    ([name, count]) => `${name} ${formatCount(count)}`,
  );
  const delivery = DELIVERIES.map((name) => `${name} ${formatCount(report.ledger.delivery[name])}`);
  const lines = [
    `${state.holds ? "✓" : "✗"} ${ledgerEquation(report.ledger)} (${state.text})`,
    ...(report.starts === null ? [] : ["", startsLine(report)]),
    `- delivery: ${delivery.join(", ")}`,
    `- reasons: ${reasons.length === 0 ? "none" : cell(reasons.join(", "))}`,
    `- anomalies: ${anomalyCounts(report) || "none"}`,
  ];
  return `### Ledger\n\n${lines[0]}\n\n${lines.slice(1).join("\n")}`;
}

function failedRequests(report: RunReport): string {
  if (report.failedRequests.length === 0) return "";
  const lines = report.failedRequests.map((failed) => `- ${cell(failedRequestSentence(failed))}`);
  return `### Failures\n\n${lines.join("\n")}`;
}

function findings(report: RunReport): string {
  if (report.findings.length === 0) return "### Findings\n\nNone.";
  const shown = bySeverity(report.findings).slice(0, MAX_FINDINGS);
  const lines = shown.flatMap((finding) => [
    `- ${SEVERITY_MARK[finding.severity]} **${cell(finding.check)} / ${cell(finding.code)}** × ${formatCount(finding.count)}: ${cell(finding.message)}`,
    ...finding.evidence.slice(0, MAX_EVIDENCE).map((evidence) => `  - ${cell(describeEvidence(evidence))}`),
  ]);
  const left = report.findings.length - shown.length;
  if (left > 0) lines.push(`- … and ${plural(left, "more finding", "more findings")} in report.json`);
  return `### Findings\n\n${lines.join("\n")}`;
}

/** Failed turns and the slowest, to be looked up in the target's traces or logs. */
function turns(report: RunReport): string {
  const failed = report.turns.filter(({ why }) => why === "failed");
  const slow = report.turns.filter(({ why }) => why === "slow");
  const shown = [...failed.slice(0, MAX_TURNS), ...slow.slice(0, MAX_TURNS)];
  if (shown.length === 0) return "";
  const rows = shown.map((turn) => [
    turn.why === "failed" ? outcomeText(turn) : "slow",
    `${turn.user}`,
    `${turn.turn}`,
    formatMs(turn.atMs),
    formatMs(turn.responseMs),
    turn.runId ?? "–",
    turn.traceId ?? "–",
  ]);
  const left = report.turns.length - shown.length;
  const more = left > 0 ? `\n\n… and ${plural(left, "more turn")} in report.json` : "";
  const columns = ["", ">user", ">turn", ">at", ">took", "run", "trace"];
  const what =
    failed.length === 0
      ? "The slowest turns"
      : `Turns that failed (${formatCount(failed.length)} kept), and the slowest`;
  return `<details><summary>${what}</summary>\n\n${markdownTable(columns, rows)}${more}\n\n</details>`;
}

function checks(report: RunReport): string {
  if (report.checks.length === 0) return "";
  const rows = report.checks.map((check) => [
    `${markOf(check.status)} ${check.status}`,
    check.check,
    formatCount(check.judged),
    check.note ?? "",
  ]);
  return `### Checks\n\n${markdownTable(["", "check", ">judged", "note"], rows)}`;
}

function access({ access }: RunReport): string {
  if (access === undefined) return "";
  const shown = access.groups.slice(0, MAX_GROUPS);
  const rows = shown.map(({ attempt, expected, answer, result, count }) => [
    marked(result),
    attempt,
    expected,
    answer,
    result === "not-checked" ? "–" : formatCount(count),
  ]);
  const left = access.groups.length - shown.length;
  const more = left > 0 ? `\n\n… and ${plural(left, "more line")} in report.json` : "";
  const counts = `${plural(access.probes, "attempt")}: ${formatCount(access.refused)} refused, ${formatCount(access.breaches)} let in, ${formatCount(access.unclear)} without a clear answer`;
  return `### Access probes\n\n${counts}\n\n<details><summary>Who tried what, and what happened</summary>\n\n${markdownTable(["", "attempt", "expected", "answer", ">count"], rows)}${more}\n\n</details>`;
}

function latencies(report: RunReport): string {
  const entries = Object.entries(report.metrics);
  if (entries.length === 0) return "";
  const rows = entries.map(([name, metric]) => [
    name,
    formatCount(metric.count),
    formatCount(metric.censored),
    ...[metric.p50, metric.p95, metric.p99, metric.max].map(formatMs),
  ]);
  return `<details><summary>Latencies of the hold</summary>\n\n${markdownTable(["metric", ">n", ">censored", ">p50", ">p95", ">p99", ">max"], rows)}\n\n</details>`;
}

function notChecked(report: RunReport): string {
  if (report.notChecked.length === 0) return "";
  const lines = report.notChecked.map((item) => `- ${cell(item.name)}: ${cell(item.why)}`);
  return `### Not checked (${report.notChecked.length})\n\n${lines.join("\n")}`;
}
