// Renders histograms.hlog: the interval histograms in HdrHistogram's log format, version 1.3.
import type { ReportDetails } from "../../model/report/details.js";
import type { RunReport } from "../../model/report/report.js";
import { oneLine } from "../../support/text.js";

/**
 * The log as HdrHistogram's own readers and plotters expect it: comments, legend, then one tagged line per interval.
 * Values in the histograms are microseconds, the interval's maximum is in milliseconds.
 */
export function renderHlog(report: RunReport, details: ReportDetails): string {
  const started = new Date(report.startedAt).getTime();
  const startSeconds = Number.isNaN(started) ? 0 : started / 1000;
  const lines = [
    `#[gp-load ${oneLine(report.tool.version)}, scenario ${oneLine(report.scenario.name)}, run ${oneLine(report.runId)}]`,
    "#[Values are microseconds; Interval_Max is milliseconds]",
    "#[Histogram log format version 1.3]",
    `#[StartTime: ${startSeconds.toFixed(3)} (seconds since epoch), ${oneLine(report.startedAt)}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...details.histograms.map((interval) => {
      const numbers = [interval.startSeconds, interval.lengthSeconds, interval.maxMs];
      return `Tag=${tag(interval.tag)},${numbers.map((value) => value.toFixed(3)).join(",")},${interval.encoded}`;
    }),
  ];
  return `${lines.join("\n")}\n`;
}

/** Tags must not contain commas, spaces or line breaks: readers split at them. */
function tag(text: string): string {
  return oneLine(text).replace(/[\s,]+/g, "-") || "untagged";
}
