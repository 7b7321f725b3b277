// The table of reporters: which file of a run's folder is rendered by what.
import type { ReportDetails } from "../model/report/details.js";
import type { RunReport } from "../model/report/report.js";
import { renderCsv } from "./formats/csv.js";
import { renderHlog } from "./formats/hlog.js";
import { renderJson } from "./formats/json.js";
import { renderJunit } from "./formats/junit.js";
import { renderMarkdown } from "./formats/markdown.js";
import { renderSvg } from "./formats/svg.js";
import { renderHtml } from "./html/page.js";

/** Pure: the same report and details give the same text. */
export type Reporter = (report: RunReport, details: ReportDetails) => string;

/** File name → renderer. A new reporter is one file and one line here. */
export const REPORTERS = {
  "report.json": renderJson,
  "report.html": renderHtml,
  "junit.xml": renderJunit,
  "summary.md": renderMarkdown,
  "summary.svg": renderSvg,
  "metrics.csv": renderCsv,
  "histograms.hlog": renderHlog,
} as const satisfies Record<string, Reporter>;

export type ReportFile = keyof typeof REPORTERS;
