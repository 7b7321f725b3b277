// Writes a suite's files to its folder, each completely or not at all.
import { join } from "node:path";
import type { RunReport } from "../../model/report/report.js";
import type { SuiteReport } from "../../model/report/suite.js";
import { makeFolder } from "../../support/folder.js";
import { writeWhole } from "../write-whole.js";
import { renderSuiteHtml } from "./html.js";
import { renderSuiteJson } from "./json.js";
import { renderSuiteJunit } from "./junit.js";
import { renderSuiteMarkdown } from "./markdown.js";

/** Pure. `reports` are in the order of the suite's runs, `undefined` if missing. */
type SuiteReporter = (suite: SuiteReport, reports: readonly (RunReport | undefined)[]) => string;

/** File name → renderer. A new reporter is one file and one line here. */
export const SUITE_REPORTERS = {
  "suite.json": renderSuiteJson,
  "index.html": renderSuiteHtml,
  "junit.xml": renderSuiteJunit,
  "summary.md": renderSuiteMarkdown,
} as const satisfies Record<string, SuiteReporter>;

/** Renders all files into `directory`, creating it if necessary. Throws file system errors. */
export async function writeSuite(
  directory: string,
  suite: SuiteReport,
  reports: readonly (RunReport | undefined)[],
): Promise<void> {
  const rendered = Object.entries<SuiteReporter>(SUITE_REPORTERS).map(
    ([name, render]) => [name, render(suite, reports)] as const,
  );
  makeFolder(directory);
  await Promise.all(rendered.map(([name, text]) => writeWhole(join(directory, name), text)));
}
