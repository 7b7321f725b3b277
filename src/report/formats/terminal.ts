// Renders the result of a run for a terminal or a log: verdict first, then the reasons.
import { Chalk, type ChalkInstance } from "chalk";
import type { RunReport } from "../../model/report/report.js";
import type { Finding } from "../../model/turn/finding.js";
import { fittingColumns } from "../../support/terminal-text.js";
import { oneLine, shorten } from "../../support/text.js";
import { formatCount, formatUs } from "../../support/units.js";
import { marked, markOf, painterOf } from "../text/states.js";
import {
  anomalyCounts,
  bySeverity,
  describeEvidence,
  failedRequestSentence,
  faultSentence,
  formatServer,
  formatStart,
  generatorLine,
  ledgerEquation,
  ledgerVerdict,
  ownCodeSentence,
  plural,
  SEVERITY_MARK,
  startedUsers,
  startsLine,
  usersText,
} from "../text/wording.js";
import { llmTable } from "./llm-table.js";

const MAX_FINDINGS = 12;
const MAX_EVIDENCE = 3;
const MAX_CAUSES = 6;
const LONGEST_LINE = 240;

export interface TerminalOptions {
  /** Use colours and bold; otherwise there are no escape sequences. */
  readonly colour: boolean;
  /** Folder of the reports, shown at the end. */
  readonly directory?: string;
  /** Width of the terminal; the table of rules drops its last columns if there is no room. */
  readonly columns?: number | undefined;
  /** For a run that passed, only say so, as in a suite of many. */
  readonly brief?: boolean;
  /** Add the table of language model benchmarks. */
  readonly llm?: boolean;
}

/** The final result as text, ending in a line break. */
export function renderTerminal(report: RunReport, options: TerminalOptions): string {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  // If nothing was started, there is only the reason (and an empty ledger).
  const nothing = report.verdict === "INVALID" && report.ledger.attempted === 0;
  if (options.brief && !options.llm && report.verdict === "PASS") {
    return `${[...verdictBlock(report, paint), ...notCheckedLine(report, paint), ...whereBlock(options.directory)].join("\n")}\n`;
  }
  const blocks = nothing
    ? [
        verdictBlock(report, paint),
        nextSteps(report, paint),
        failedBlock(report, paint),
        ledgerBlock(report, paint),
        whereBlock(options.directory),
      ]
    : [
        verdictBlock(report, paint),
        slaBlock(report, paint, options.columns),
        ...(options.llm ? [llmTable(report).map((line) => `  ${line}`.trimEnd())] : []),
        faultsBlock(report, paint),
        ledgerBlock(report, paint),
        failedBlock(report, paint),
        findingsBlock(report.findings, paint),
        restBlock(report, paint, options.directory),
        nextSteps(report, paint),
      ];
  return `${[...blocks, [verdictLine(report, paint)]]
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** Repeats the verdict as the last line, which is visible after a long result. */
function verdictLine(report: RunReport, paint: ChalkInstance): string {
  return `${painterOf(report.verdict, paint).bold(marked(report.verdict))}  ${paint.bold(oneLine(report.scenario.name))}`;
}

function verdictBlock(report: RunReport, paint: ChalkInstance): string[] {
  const users = startedUsers(report);
  const facts = [
    targetText(report),
    formatStart(report.startedAt),
    formatUs(report.durationMs * 1000),
    ...(users > 0 ? [usersText(report)] : []),
    `seed ${report.seed}`,
  ];
  return [`${verdictLine(report, paint)}  ${brief(report.summary)}`, paint.dim(`  ${facts.join(" · ")}`)];
}

/** A target given as a URL has no other name. */
function targetText({ target }: RunReport): string {
  const name = oneLine(target.name);
  const url = oneLine(target.url);
  return name === url ? `target ${url}` : `target ${name} (${url})`;
}

/** Which checks ran, and how each came out. */
function checksLine(report: RunReport, paint: ChalkInstance): string[] {
  if (report.checks.length === 0) return [];
  const each = report.checks.map(
    ({ check, status }) => `${painterOf(status, paint)(markOf(status))} ${oneLine(check)} ${status}`,
  );
  const reasons = report.checks
    .filter(({ status, note }) => status === "not-checked" && note !== undefined)
    .map(({ check, note = "" }) => paint.dim(`    ${oneLine(check)}: ${brief(note)}`));
  return [`  checks: ${each.join(" · ")}`, ...reasons];
}

function slaBlock(report: RunReport, paint: ChalkInstance, columns = Number.POSITIVE_INFINITY): string[] {
  if (report.sla.length === 0) return [];
  const head = ["SLA", "rule", "observed", "n", "violations", "censored"];
  const rows = report.sla.map((rule) => [
    rule.step === undefined ? oneLine(rule.metric) : `${rule.metric} (${oneLine(rule.step)})`,
    oneLine(rule.rule),
    rule.verdict === "no-data" || rule.verdict === "not-checked" ? rule.verdict : oneLine(rule.observedText),
    formatCount(rule.n),
    formatCount(rule.violations),
    formatCount(rule.censored),
  ]);
  const [headLine = "", ...lines] = fittingColumns([head, ...rows], columns - 2, 3, (column) => column >= 3);
  return [
    paint.dim(`  ${headLine}`),
    ...lines.flatMap((line, index) => {
      const rule = report.sla[index];
      if (rule === undefined) return [];
      const paintRule = painterOf(rule.verdict, paint);
      const notes = [
        ...(rule.judgedAs === undefined ? [] : [`judged as ${rule.judgedAs}`]),
        ...(rule.note === undefined ? [] : [rule.note]),
      ];
      const row = `${paintRule(markOf(rule.verdict))} ${rule.verdict === "pass" ? line : paintRule(line)}`;
      return [row, ...notes.map((note) => paint.dim(`    ${brief(note)}`))];
    }),
  ];
}

function faultsBlock({ faults }: RunReport, paint: ChalkInstance): string[] {
  if (faults.length === 0) return [];
  const shown = faults.slice(0, MAX_FINDINGS).map((fault) => {
    const { recovered } = fault;
    return `${painterOf(recovered, paint)(markOf(recovered))} fault ${brief(faultSentence(fault))}`;
  });
  return [...shown, ...more(faults.length - shown.length, "fault", paint)];
}

function ledgerBlock(report: RunReport, paint: ChalkInstance): string[] {
  const state = ledgerVerdict(report.ledger);
  const mark = state.holds ? paint.green("✓") : paint.red("✗");
  const reasons = Object.entries(report.ledger.reasons).filter(([, count]) => count > 0);
  const anomalies = anomalyCounts(report);
  return [
    `${mark} ledger: ${ledgerEquation(report.ledger)}${state.holds ? "" : paint.red(` (${state.text})`)}`,
    ...(reasons.length === 0
      ? []
      : [`  reasons: ${reasons.map(([name, count]) => `${name} ${formatCount(count)}`).join(", ")}`]),
    ...(anomalies === "" ? [] : [`  anomalies: ${anomalies}`]),
    ...(report.starts === null ? [] : [`  ${startsLine(report)}`]),
    ...checksLine(report, paint),
  ];
}

function failedBlock({ failedRequests }: RunReport, paint: ChalkInstance): string[] {
  const shown = failedRequests.slice(0, MAX_CAUSES);
  const lines = shown.map((failed) => `${paint.yellow("!")} ${brief(failedRequestSentence(failed))}`);
  return [...lines, ...more(failedRequests.length - shown.length, "cause", paint)];
}

function findingsBlock(findings: readonly Finding[], paint: ChalkInstance): string[] {
  const shown = bySeverity(findings).slice(0, MAX_FINDINGS);
  const painter = { fail: paint.red, warn: paint.yellow, info: paint.cyan };
  const lines = shown.flatMap((finding) => [
    `${painter[finding.severity](SEVERITY_MARK[finding.severity])} ${paint.bold(oneLine(`${finding.check}/${finding.code}`))} × ${formatCount(finding.count)}: ${brief(finding.message)}`,
    ...finding.evidence
      .slice(0, MAX_EVIDENCE)
      .map((evidence) => paint.dim(`    ${brief(describeEvidence(evidence))}`)),
  ]);
  return [...lines, ...more(findings.length - shown.length, "finding", paint)];
}

function restBlock(report: RunReport, paint: ChalkInstance, directory: string | undefined): string[] {
  const healthy = report.generator.healthy ? paint.green("✓") : paint.yellow("?");
  const own = `${healthy} generator ${generatorLine(report)}`;
  return [
    own,
    ...ownCodeLines(report, paint),
    ...serverLine(report),
    ...notCheckedLine(report, paint),
    ...whereBlock(directory),
  ];
}

const MAX_SERVER = 6;

/** Means and maxima of the target's own metrics; the report has the rest. */
function serverLine({ server = {} }: RunReport): string[] {
  const all = Object.entries(server);
  if (all.length === 0) return [];
  const shown = all.slice(0, MAX_SERVER).map(([name, { unit, mean, max, seconds, why }]) => {
    if (seconds === 0) return `${name} not told${why === undefined ? "" : ` (${brief(why)})`}`;
    return `${name} mean ${formatServer(unit, mean)}, max ${formatServer(unit, max)}`;
  });
  const left = all.length - shown.length;
  return [`  server: ${shown.join(" · ")}${left > 0 ? ` · ${left} more in the report` : ""}`];
}

/** The user's own code: failures first, then the slowest. */
function ownCodeLines({ extensions = [] }: RunReport, paint: ChalkInstance): string[] {
  const order = [...extensions].sort(
    (a, b) => Number(a.withinBounds) - Number(b.withinBounds) || b.totalMs - a.totalMs,
  );
  const lines = order.slice(0, MAX_CAUSES).map((one) => {
    const mark = one.withinBounds ? paint.green("✓") : paint.yellow("?");
    return `${mark} ${brief(ownCodeSentence(one))}`;
  });
  return [...lines, ...more(order.length - lines.length, "extension", paint)];
}

function notCheckedLine({ notChecked }: RunReport, paint: ChalkInstance): string[] {
  if (notChecked.length === 0) return [];
  const names = notChecked.map((item) => oneLine(item.name));
  return [`– ${paint.yellow(`not checked: ${notChecked.length}`)} (${brief(names.join(", "))})`];
}

function whereBlock(directory: string | undefined): string[] {
  return directory === undefined ? [] : [`  report: ${directory}/report.html`];
}

function nextSteps(report: RunReport, paint: ChalkInstance): string[] {
  return report.invalidReasons.flatMap((reason) => [
    `${paint.yellow("?")} ${paint.bold(oneLine(reason.code))}: ${brief(reason.message)}`,
    ...(reason.advice === undefined ? [] : [`    what to do: ${brief(reason.advice)}`]),
  ]);
}

function more(left: number, what: string, paint: ChalkInstance): string[] {
  return left > 0 ? [paint.dim(`  … and ${plural(left, `more ${what}`)} in the report`)] : [];
}

const brief = (text: string): string => shorten(text, LONGEST_LINE);
