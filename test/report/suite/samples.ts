// A made-up suite: one run that passed, one full of hostile text that failed, one INVALID, one refused, one left out.
import type { RunReport } from "../../../src/model/report/report.js";
import type { SuiteReport } from "../../../src/model/report/suite.js";
import { buildSuite, type SuiteEntry } from "../../../src/report/suite/build.js";
import { EXIT } from "../../../src/support/errors.js";
import { emptySample, failSample, HOSTILE, passSample } from "../samples.js";

export interface SuiteSample {
  readonly suite: SuiteReport;
  readonly reports: readonly (RunReport | undefined)[];
}

export function ran(name: string, report: RunReport, folder = `../20260304T050607890Z-${name}`): SuiteEntry {
  return {
    scenario: { name, description: `${name} in words`, tags: ["brief"], target: "reference" },
    outcome: { kind: "ran", report: { ...report, scenario: { ...report.scenario, name } }, folder },
  };
}

export function left(name: string, why: string, exitCode?: 2 | 70): SuiteEntry {
  return {
    scenario: { name, description: `${name} in words`, tags: [], target: "reference" },
    outcome: { kind: "not-run", why, ...(exitCode === undefined ? {} : { exitCode }) },
  };
}

export function suiteOf(entries: readonly SuiteEntry[], interrupted = false): SuiteSample {
  const suite = buildSuite({
    version: "0.1.0",
    startedAt: new Date("2026-03-04T05:06:07.890Z"),
    durationMs: 190_123.4,
    interrupted,
    entries,
  });
  const reports = entries.map(({ outcome }) => (outcome.kind === "ran" ? outcome.report : undefined));
  return { suite, reports };
}

export function mixedSuite(): SuiteSample {
  return suiteOf([
    ran("smoke", passSample().report),
    ran("leaky", failSample().report),
    ran("unreachable", emptySample().report),
    left("refused", `cannot be run: ${HOSTILE}`, EXIT.usage),
    left("never-begun", "an earlier scenario did not pass (--fail-fast)"),
  ]);
}

export const greenSuite = (): SuiteSample =>
  suiteOf([ran("smoke", passSample().report), ran("enterprise-100", passSample().report)]);
