// Renders a suite's junit.xml: one testsuite per scenario, including those not run.
import type { RunReport } from "../../model/report/report.js";
import type { SuiteReport } from "../../model/report/suite.js";
import { junitDocument, junitNotRun, junitSuite } from "../formats/junit.js";
import { runName } from "./wording.js";

/** `reports` are in the order of the suite's runs, `undefined` if missing. */
export function renderSuiteJunit(suite: SuiteReport, reports: readonly (RunReport | undefined)[]): string {
  return junitDocument(
    suite.runs.map((run, index) => {
      const { summary, exitCode } = run;
      const report = reports[index];
      // A scenario left out is skipped; one rejected or aborted is an error.
      return report
        ? junitSuite(report, runName(run))
        : junitNotRun(runName(run), summary, exitCode === null ? "skipped" : "error");
    }),
  );
}
