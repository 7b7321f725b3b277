// Renders junit.xml: CI servers list every rule and check as a test.

import type { CheckResult } from "../../model/log/run-log.js";
import type { RunReport } from "../../model/report/report.js";
import type { Finding } from "../../model/turn/finding.js";
import type { SlaResult } from "../../model/verdict.js";
import { defined } from "../../support/defined.js";
import { oneLine } from "../../support/text.js";
import {
  bySeverity,
  describeEvidence,
  failedRequestSentence,
  generatorLine,
  generatorState,
  ledgerEquation,
  ledgerVerdict,
  plural,
} from "../text/wording.js";
import { escapeMarkup } from "../text/xml.js";

type Result = "passed" | "failure" | "error" | "skipped";

interface Case {
  readonly group: string;
  readonly name: string;
  readonly result: Result;
  readonly message?: string;
  readonly body?: string;
}

/** One `<testsuite>` with its counts. */
export interface JunitSuite {
  readonly lines: readonly string[];
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly durationMs: number;
}

/**
 * JUnit XML for common CI servers: one suite, with one case for each rule and check, for the ledger and the generator.
 * Unknown results are errors; what was not checked is skipped.
 */
export function renderJunit(report: RunReport): string {
  return junitDocument([junitSuite(report)]);
}

/**
 * The document around suites, with their totals. It only uses what both Jenkins schemas allow (the xUnit plugin's and
 * jenkins-junit.xsd), so the root has no `skipped`.
 */
export function junitDocument(suites: readonly JunitSuite[]): string {
  const sum = (key: Exclude<keyof JunitSuite, "lines" | "skipped">): number =>
    suites.reduce((total, suite) => total + suite[key], 0);
  const totals = totalAttributes({
    tests: sum("tests"),
    failures: sum("failures"),
    errors: sum("errors"),
    durationMs: sum("durationMs"),
  });
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="gp-load" ${totals}>`,
    ...suites.flatMap((suite) => suite.lines),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

/** One run as a suite of cases. */
export function junitSuite(report: RunReport, name = report.scenario.name): JunitSuite {
  const cases = withUniqueNames(testCases(report));
  const count = (result: Result): number => cases.filter((one) => one.result === result).length;
  const counts = {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    durationMs: report.durationMs,
  };
  const lines = [
    `  <testsuite name="${attribute(name)}" ${totalAttributes(counts)} timestamp="${attribute(report.startedAt)}">`,
    "    <properties>",
    ...runProperties(report).map(
      ([name, value]) => `      <property name="${name}" value="${attribute(value)}"/>`,
    ),
    "    </properties>",
    ...cases.map((one) => renderCase(name, one)),
    ...failedRequests(report),
    "  </testsuite>",
  ];
  return { lines, ...counts };
}

/** A scenario that did not run, as a suite with one case: skipped, or an error if it was refused or aborted. */
export function junitNotRun(scenario: string, why: string, result: "skipped" | "error"): JunitSuite {
  const counts = {
    tests: 1,
    failures: 0,
    errors: result === "error" ? 1 : 0,
    skipped: result === "skipped" ? 1 : 0,
    durationMs: 0,
  };
  const lines = [
    `  <testsuite name="${attribute(scenario)}" ${totalAttributes(counts)}>`,
    renderCase(scenario, { group: "run", name: "the scenario was run", result, message: why }),
    "  </testsuite>",
  ];
  return { lines, ...counts };
}

type Totals = Omit<JunitSuite, "lines" | "skipped"> & Partial<Pick<JunitSuite, "skipped">>;

function totalAttributes({ tests, failures, errors, skipped, durationMs }: Totals): string {
  const seconds = (durationMs / 1000).toFixed(3);
  const left = skipped === undefined ? "" : ` skipped="${skipped}"`;
  return `tests="${tests}" failures="${failures}" errors="${errors}"${left} time="${seconds}"`;
}

/** GitLab shows only the first of several cases with the same class and name, so the others are numbered. */
function withUniqueNames(cases: readonly Case[]): readonly Case[] {
  const seen = new Map<string, number>();
  return cases.map((one) => {
    const id = `${one.group}\u0000${one.name}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` };
  });
}

/** Failures as the output of the suite; its cases say whether they made the run fail. */
function failedRequests(report: RunReport): string[] {
  const lines = report.failedRequests.map((failed) => escapeMarkup(failedRequestSentence(failed)));
  return lines.length === 0 ? [] : [`    <system-out>${lines.join("\n")}</system-out>`];
}

function runProperties(report: RunReport): [string, string][] {
  return [
    ["verdict", report.verdict],
    ["summary", report.summary],
    ["target", report.target.url],
    ["seed", String(report.seed)],
    ["runId", report.runId],
    ["version", report.tool.version],
  ];
}

function testCases(report: RunReport): Case[] {
  const ledger = ledgerVerdict(report.ledger);
  const judged = new Set(report.checks.map((check) => check.check));
  return [
    ...report.invalidReasons.map(
      (reason): Case => ({
        group: "run",
        name: reason.code,
        result: "error",
        message: reason.message,
        ...defined({ body: reason.advice }),
      }),
    ),
    ...report.sla.map(slaCase),
    ...report.checks.map((check) => checkCase(check, report.findings)),
    ...findingsWithoutCheck(report.findings, judged),
    {
      group: "ledger",
      name: "every turn is accounted for",
      result: ledger.holds ? "passed" : "failure",
      message: ledger.text,
      body: ledgerEquation(report.ledger),
    },
    {
      group: "generator",
      name: "the generator was not the limit",
      result: generatorState(report) === "was the limit" ? "error" : "passed",
      message: generatorLine(report),
    },
    ...report.notChecked.map(
      (item): Case => ({ group: "not checked", name: item.name, result: "skipped", message: item.why }),
    ),
  ];
}

const RULE_RESULT = {
  pass: "passed",
  fail: "failure",
  "no-data": "error",
  "not-checked": "skipped",
} as const;

function slaCase(rule: SlaResult): Case {
  const step = rule.step === undefined ? "" : ` (${rule.step})`;
  const judgedAs = rule.judgedAs === undefined ? "" : `, judged as ${rule.judgedAs}`;
  const note = rule.note === undefined ? "" : `; ${rule.note}`;
  return {
    group: "sla",
    name: `${rule.metric} ${rule.rule}${step}`,
    result: RULE_RESULT[rule.verdict],
    message: `observed ${rule.observedText}, limit ${rule.limitText}, n = ${rule.n}${judgedAs}${note}`,
    body: `violations: ${rule.violations}\ncensored: ${rule.censored}\norigin: ${rule.origin}`,
  };
}

const CHECK_RESULT = {
  clean: "passed",
  found: "failure",
  "no-data": "error",
  "not-checked": "skipped",
} as const satisfies Record<CheckResult["status"], Result>;

function checkCase(check: CheckResult, findings: readonly Finding[]): Case {
  const own = bySeverity(findings.filter((finding) => finding.check === check.check));
  const note = check.note === undefined ? "" : `; ${check.note}`;
  const troubles = own.map((finding) => finding.message).join("; ");
  return {
    group: "check",
    name: check.check,
    result: CHECK_RESULT[check.status],
    message: `${plural(check.judged, "item")} judged${note}${troubles === "" ? "" : `: ${troubles}`}`,
    body: own.map(findingText).join("\n"),
  };
}

function findingsWithoutCheck(findings: readonly Finding[], judged: ReadonlySet<string>): Case[] {
  const strays = bySeverity(findings).filter((finding) => !judged.has(finding.check));
  return strays.map((finding) => ({
    group: "finding",
    name: `${finding.check} ${finding.code}`,
    result: finding.severity === "fail" ? "failure" : "passed",
    message: finding.message,
    body: findingText(finding),
  }));
}

function findingText(finding: Finding): string {
  const head = `${finding.severity}: ${finding.check}/${finding.code} × ${finding.count}: ${oneLine(finding.message)}`;
  return [head, ...finding.evidence.map((evidence) => `  ${describeEvidence(evidence)}`)].join("\n");
}

function renderCase(scenario: string, one: Case): string {
  const open = `    <testcase classname="${attribute(`${scenario}.${one.group}`)}" name="${attribute(one.name)}" time="0"`;
  const body = escapeMarkup(one.body ?? "");
  const message = attribute(one.message ?? "");
  switch (one.result) {
    case "passed": {
      const output = [message, body].filter((part) => part !== "").join("\n");
      return `${open}><system-out>${output}</system-out></testcase>`;
    }
    case "skipped":
      return `${open}><skipped message="${message}"/></testcase>`;
    case "failure":
    case "error": {
      // GitLab shows only the element's text, Jenkins both.
      const text = [message, body].filter((part) => part !== "").join("\n");
      return `${open}><${one.result} type="${attribute(one.group)}" message="${message}">${text}</${one.result}></testcase>`;
    }
  }
}

function attribute(text: string): string {
  return escapeMarkup(oneLine(text));
}
