// The section of trends: what grew under constant load.
import type { TrendReport } from "../../../model/report/measured.js";
import type { RunReport } from "../../../model/report/report.js";
import { formatMs } from "../../text/wording.js";
import type { Markup } from "../markup.js";
import { badge, dotted, htmlTable, numbers, type Section, section } from "./section.js";

/** No section if no hold was long enough. */
export function trendsSection(report: RunReport): readonly Section[] {
  if (report.trends.length === 0) return [];
  const several = new Set(report.trends.map(({ hold }) => hold)).size > 1;
  const slopes = report.trends.some(({ perHour }) => perHour !== null);
  const rows = report.trends.map((trend) => [
    dotted(several ? `${trend.name} (${trend.hold})` : trend.name),
    changeBadge(trend),
    shown(trend, trend.first),
    shown(trend, trend.second),
    ...(slopes ? [trend.perHour === null ? "–" : shown(trend, trend.perHour), slopeInterval(trend)] : []),
  ]);
  const halves = numbers("first half", "second half");
  const columns = slopes
    ? ["figure", "trend", ...halves, ...numbers("an hour", "99 % interval")]
    : ["figure", "change", ...halves];
  const what = "p95 of the seconds, errors for each turn that ended, floor of the memory in use";
  const caption = slopes
    ? `Second half of the hold against its first, and the slope: ${what}`
    : `Second half of the hold against its first: ${what}. In less than five minutes, what is still settling in (caches, heaps, compiled code) looks like growth: so no slope, and no trend.`;
  return [section("trends", "Trends", "Trends", htmlTable(caption, columns, rows))];
}

/** Only a hold that is long enough for a slope can show growth; in others, the halves just differ. */
function changeBadge({ grows, perHour }: TrendReport): Markup {
  if (perHour === null) return grows ? badge("quiet", "↗", "higher") : badge("quiet", "–", "no change");
  return grows ? badge("warn", "↗", "grows") : badge("good", "✓", "steady");
}

function slopeInterval(trend: TrendReport): string {
  const { perHour, perHourLow, perHourHigh } = trend;
  if (perHour === null) return "–";
  return `${perHourLow === null ? "−∞" : shown(trend, perHourLow)} to ${perHourHigh === null ? "∞" : shown(trend, perHourHigh)}`;
}

function shown({ unit }: TrendReport, value: number): string {
  switch (unit) {
    case "ms":
      return value < 0 ? `-${formatMs(-value)}` : formatMs(value);
    case "ratio":
      return `${Math.round(value * 10_000) / 100}%`;
    case "number":
      return String(Number(value.toPrecision(4)));
    case "MB":
      return `${Math.round(value * 10) / 10} MB`;
  }
}
