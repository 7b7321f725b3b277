// The section of trends: what grew, or did not, while the load stayed the same.
import type { RunReport, TrendReport } from "../../../model/report/report.js";
import { formatMs } from "../../text/wording.js";
import { html, type Markup } from "../markup.js";
import { badge, htmlTable, type Section, section } from "./section.js";

/** No section where no hold was long enough. */
export function trendsSection(report: RunReport): readonly Section[] {
  if (report.trends.length === 0) return [];
  const several = new Set(report.trends.map(({ hold }) => hold)).size > 1;
  const rows = report.trends.map((trend) => [
    named(several ? `${trend.name} (${trend.hold})` : trend.name),
    trend.grows ? badge("warn", "↗", "grows") : badge("good", "✓", "steady"),
    shown(trend, trend.first),
    shown(trend, trend.second),
    shown(trend, trend.perHour),
    `${trend.perHourLow === null ? "−∞" : shown(trend, trend.perHourLow)} to ${trend.perHourHigh === null ? "∞" : shown(trend, trend.perHourHigh)}`,
  ]);
  const columns = [
    { name: "figure" },
    { name: "trend" },
    ...["first half", "second half", "an hour", "99 % interval"].map((name) => ({
      name,
      numeric: true as const,
    })),
  ];
  const caption =
    "Second half of the hold against its first, and the slope: p95 of the seconds, errors for each turn that ended, floor of the memory in use";
  return [section("trends", "Trends", "Trends", htmlTable(caption, columns, rows))];
}

/** It may be broken behind a dot, and nowhere else. */
function named(name: string): Markup {
  const [first = "", ...rest] = name.split(".");
  return html`${first}${rest.map((part) => html`.<wbr>${part}`)}`;
}

function shown({ unit }: TrendReport, value: number): string {
  switch (unit) {
    case "ms":
      return value < 0 ? `-${formatMs(-value)}` : formatMs(value);
    case "ratio":
      return `${Math.round(value * 10_000) / 100}%`;
    case "MB":
      return `${Math.round(value * 10) / 10} MB`;
  }
}
