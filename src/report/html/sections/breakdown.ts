// The section of the breakdown: one table for each label of the turns, one row for each of its values.
import { LABELS, type Label } from "../../../model/labels.js";
import type { BreakdownReport, MetricSummary } from "../../../model/report/measured.js";
import type { RunReport } from "../../../model/report/report.js";
import { formatCount } from "../../../support/units.js";
import { formatMs } from "../../text/wording.js";
import { html } from "../markup.js";
import { htmlTable, numbers, plotPlace, type Section, section } from "./section.js";

const WORDS: Readonly<Record<Label, string>> = {
  group: "Groups of users",
  prompt: "Prompts",
  weight: "Weights of prompts",
  thread: "Threads of a user, by their number",
  step: "Steps of the journey",
  tool: "Tools",
};

/** One figure of a metric; left out if no row has the metric. */
interface Column {
  readonly name: string;
  readonly metric: string;
  readonly figure: (summary: MetricSummary) => string;
}

const attempts = ({ count, censored }: MetricSummary): string => formatCount(count + censored);
const mean = (summary: MetricSummary): string => String(Number((summary.mean ?? 0).toPrecision(4)));

function rank(metric: string, percentile: "p50" | "p95" | "p99"): Column {
  const figure = ({ [percentile]: value }: MetricSummary): string =>
    value === null ? "never ended" : formatMs(value);
  return { name: `${metric} ${percentile}`, metric, figure };
}

const TURN_COLUMNS: readonly Column[] = [
  { name: "turns", metric: "agent.response", figure: attempts },
  rank("agent.response", "p50"),
  rank("agent.response", "p95"),
  rank("agent.response", "p99"),
  rank("ttft", "p95"),
  rank("event.gap", "p95"),
  rank("tpot", "p95"),
  { name: "tokens.output mean", metric: "tokens.output", figure: mean },
  { name: "cost.turn mean", metric: "cost.turn", figure: mean },
];

const TOOL_COLUMNS: readonly Column[] = [
  { name: "calls", metric: "tool.duration", figure: attempts },
  rank("tool.duration", "p50"),
  rank("tool.duration", "p95"),
  rank("tool.duration", "p99"),
  {
    name: "never completed",
    metric: "tool.duration",
    figure: ({ censored }) => formatCount(censored),
  },
];

/** The values of each label that has several; a single tool is shown, too. */
export function breakdownRows({
  breakdown = [],
}: RunReport): readonly (readonly [label: Label, rows: readonly BreakdownReport[]])[] {
  return LABELS.flatMap((label) => {
    const rows = breakdown.filter((one) => one.label === label);
    return rows.length > (label === "tool" ? 0 : 1) ? [[label, rows] as const] : [];
  });
}

/** A plot for all labels and a table for each; no section without labels. */
export function breakdownSection(report: RunReport): readonly Section[] {
  const labels = breakdownRows(report);
  if (labels.length === 0) return [];
  const body = html`<div class="controls" id="breakdown-controls"></div>
${plotPlace("breakdown", "Percentiles by label", "One bar for each value: up to its p99, with its p95 and its p50 inside, over all attempts. A triangle at the top marks a value whose p99 is censored: those attempts never ended.")}
${labels.map(([label, rows]) => tableOf(label, rows))}`;
  return [section("breakdown", "Breakdown", "Breakdown of the hold", body)];
}

function tableOf(label: Label, rows: readonly BreakdownReport[]) {
  const columns = (label === "tool" ? TOOL_COLUMNS : TURN_COLUMNS).filter(({ metric }) =>
    rows.some(({ metrics }) => metrics[metric] !== undefined),
  );
  const caption = `${WORDS[label]}: percentiles are over all attempts, and values beyond the 50 most frequent are (other)`;
  return htmlTable(
    caption,
    [label, ...numbers(...columns.map(({ name }) => name))],
    rows.map(({ value, metrics }) => [
      value,
      ...columns.map(({ metric, figure }) => {
        const summary = metrics[metric];
        return summary ? figure(summary) : "–";
      }),
    ]),
  );
}
