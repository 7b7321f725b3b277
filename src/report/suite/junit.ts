// Renders a suite's junit.xml: one testsuite for each scenario, also for those that were not run.
import type { RunReport } from "../../model/report/report.js";
import type { SuiteReport } from "../../model/report/suite.js";
import { junitDocument, junitNotRun, junitSuite } from "../formats/junit.js";
import { runName } from "./wording.js";

/** `reports` are in the order of the suite's runs, `undefined` where there is none. */
export function renderSuiteJunit(suite: SuiteReport, reports: readonly (RunReport | undefined)[]): string {
  return junitDocument(
    suite.runs.map((run, index) => {
      const { summary, exitCode } = run;
      const report = reports[index];
      // Left out is skipped; refused or broken off is an error.
      return report
        ? junitSuite(report, runName(run))
        : junitNotRun(runName(run), summary, exitCode === null ? "skipped" : "error");
    }),
  );
}
