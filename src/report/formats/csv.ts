// Renders metrics.csv: one row for each figure of each metric, for spreadsheets and scripts; RFC 4180.
import { type SampledUnit, sampledUnit } from "../../model/metric.js";
import type { MetricReport, MetricSummary } from "../../model/report/measured.js";
import type { RunReport } from "../../model/report/report.js";

const COLUMNS = ["metric", "from", "phase", "label", "label_value", "statistic", "value", "unit"];

type Cell = string | number | null;

const STATISTICS = [
  ...["count", "censored", "min", "mean", "std", "p50", "p90", "p95", "p99", "p999", "max"],
] as readonly (keyof MetricSummary)[];

const UNITS: Readonly<Record<SampledUnit, string>> = { us: "ms", tally: "", money: "currency" };

/** What times are measured from: when the message was due, or when it was sent. */
const DUE = "due";
const SENT = "sent";

export function renderCsv({ metrics, counts, rates, phaseMetrics, breakdown = [] }: RunReport): string {
  const rows: (readonly Cell[])[] = [COLUMNS];
  const add = (metric: string, from: string, place: readonly string[], summary: MetricSummary): void => {
    const unit = UNITS[sampledUnit(metric) ?? "tally"];
    for (const statistic of STATISTICS) {
      const counted = statistic === "count" || statistic === "censored";
      rows.push([metric, from, ...place, statistic, summary[statistic] ?? null, counted ? "" : unit]);
    }
  };
  const addAll = (phase: string, reports: Readonly<Record<string, MetricReport>>): void => {
    for (const [metric, report] of Object.entries(reports)) {
      const place = [phase, "", ""];
      add(metric, report.service ? DUE : "", place, report);
      if (report.service) add(metric, SENT, place, report.service);
    }
  };
  addAll("hold", metrics);
  for (const [metric, summary] of Object.entries(counts ?? {})) add(metric, "", ["hold", "", ""], summary);
  for (const [phase, reports] of Object.entries(phaseMetrics)) addAll(phase, reports);
  for (const { label, value, metrics: ofValue } of breakdown)
    for (const [metric, summary] of Object.entries(ofValue))
      add(metric, metrics[metric]?.service ? DUE : "", ["hold", label, value], summary);
  const single = { "turns.rate": rates?.turns, goodput: rates?.goodput, "tokens.rate": rates?.outputTokens };
  for (const [metric, value] of Object.entries(single))
    if (value !== undefined && value !== null)
      rows.push([metric, "", "hold", "", "", "value", value, "per second"]);
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** What a spreadsheet would run as a formula: label values are untrusted. */
const FORMULA = /^[=+\-@\t\r]/;

/** Empty if unknown; numbers are never quoted, and text is never a formula. */
function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
