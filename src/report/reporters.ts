// The table of reporters: which file of a run's folder is rendered by what.
import type { ReportDetails } from "../model/details.js";
import type { RunReport } from "../model/report.js";
import { renderHlog } from "./hlog.js";
import { renderHtml } from "./html/page.js";
import { renderJson } from "./json.js";
import { renderJunit } from "./junit.js";
import { renderMarkdown } from "./markdown.js";

/** Pure: the same report and details give the same text. */
export type Reporter = (report: RunReport, details: ReportDetails) => string;

/** File name → renderer. A new reporter is one file and one line here. */
export const REPORTERS = {
  "report.json": renderJson,
  "report.html": renderHtml,
  "junit.xml": renderJunit,
  "summary.md": renderMarkdown,
  "histograms.hlog": renderHlog,
} as const satisfies Record<string, Reporter>;

export type ReportFile = keyof typeof REPORTERS;
