// Builds a suite's report from the runs of its scenarios: one verdict, one exit code.
import type { RunReport } from "../../model/report/report.js";
import {
  SUITE_SCHEMA_VERSION,
  type SuiteReport,
  type SuiteResult,
  type SuiteRun,
} from "../../model/report/suite.js";
import type { Verdict } from "../../model/verdict.js";
import { EXIT, type ExitCode, worstExit } from "../../support/errors.js";
import { shorten } from "../../support/text.js";
import { formatCount } from "../../support/units.js";
import { bySeverity, ledgerVerdict, plural } from "../text/wording.js";

/** One scenario of a suite and its outcome. */
export interface SuiteEntry {
  readonly scenario: {
    readonly name: string;
    readonly repetition?: number;
    readonly description: string;
    readonly tags: readonly string[];
    readonly target: string;
  };
  readonly outcome:
    | {
        readonly kind: "ran";
        readonly report: RunReport;
        /** Relative to the suite's folder. */
        readonly folder: string;
      }
    /** With an exit code if it was rejected or aborted, rather than left out. */
    | { readonly kind: "not-run"; readonly why: string; readonly exitCode?: ExitCode };
}

export interface SuiteInput {
  readonly version: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  /** Scenarios were left out because of Ctrl-C. */
  readonly interrupted: boolean;
  readonly entries: readonly SuiteEntry[];
}

export function buildSuite(input: SuiteInput): SuiteReport {
  const runs = input.entries.map(suiteRun);
  const count = (result: SuiteResult): number => runs.filter((run) => run.result === result).length;
  const counts = {
    passed: count("PASS"),
    failed: count("FAIL"),
    invalid: count("INVALID"),
    notRun: count("not-run"),
  };
  return {
    schemaVersion: SUITE_SCHEMA_VERSION,
    tool: { name: "gp-load", version: input.version },
    startedAt: input.startedAt.toISOString(),
    durationMs: Math.round(input.durationMs),
    verdict: combinedVerdict(counts),
    exitCode: combinedExitCode(input),
    summary: countsInWords(counts, runs.length),
    counts,
    runs,
  };
}

function combinedVerdict({ failed, invalid, notRun }: SuiteReport["counts"]): Verdict {
  if (failed > 0) return "FAIL";
  return invalid + notRun > 0 ? "INVALID" : "PASS";
}

/** A suite with scenarios left out never passes, whatever the others say. */
function combinedExitCode({ entries, interrupted }: SuiteInput): ExitCode {
  const codes = entries.map(({ outcome }): ExitCode => {
    if (outcome.kind === "ran") return outcome.report.exitCode;
    return outcome.exitCode ?? EXIT.invalid;
  });
  return worstExit(interrupted ? [...codes, EXIT.interrupted] : codes);
}

function countsInWords({ passed, failed, invalid, notRun }: SuiteReport["counts"], all: number): string {
  const parts = [
    [passed, "passed"],
    [failed, "failed"],
    [invalid, "invalid"],
    [notRun, "not run"],
  ] as const;
  const counted = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`);
  return `${plural(all, "scenario")}: ${counted.length === 0 ? "nothing to run" : counted.join(", ")}`;
}

function suiteRun({ scenario, outcome }: SuiteEntry): SuiteRun {
  const { name, ...rest } = scenario;
  if (outcome.kind === "not-run") {
    return {
      scenario: name,
      ...rest,
      result: "not-run",
      exitCode: outcome.exitCode ?? null,
      summary: outcome.why,
      why: [outcome.why],
      startedAt: null,
      durationMs: null,
      turns: null,
      notChecked: null,
      folder: null,
    };
  }
  const { report, folder } = outcome;
  return {
    scenario: name,
    ...rest,
    result: report.verdict,
    exitCode: report.exitCode,
    summary: report.summary,
    why: whyLines(report),
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    turns: report.ledger.attempted,
    notChecked: report.notChecked.length,
    folder,
  };
}

const MAX_LINES = 12;
const LONGEST_LINE = 300;

/** Empty for PASS. At most a dozen lines; the last says how many are left out. */
function whyLines(report: RunReport): readonly string[] {
  if (report.verdict === "PASS") return [];
  const ledger = ledgerVerdict(report.ledger);
  const lines = [
    ...report.invalidReasons.map(({ code, message }) => `${code}: ${message}`),
    ...report.sla
      .filter(({ verdict }) => verdict === "fail")
      .map(({ metric, rule, step, observedText, n }) => {
        const where = step === undefined ? "" : ` (${step})`;
        return `${metric} ${rule}${where}: ${observedText}, n = ${formatCount(n)}`;
      }),
    ...bySeverity(report.findings)
      .filter(({ severity }) => severity === "fail")
      .map(({ check, code, count, message }) => `${check}/${code} × ${formatCount(count)}: ${message}`),
    ...(ledger.holds ? [] : [`ledger: ${ledger.text}`]),
  ].map((line) => shorten(line, LONGEST_LINE));
  if (lines.length <= MAX_LINES) return lines;
  const shown = lines.slice(0, MAX_LINES - 1);
  return [...shown, `and ${lines.length - shown.length} more in its report`];
}
