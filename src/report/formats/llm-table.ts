// Renders the table of `--llm`, with the rows and columns of language model benchmarks.
import type { MetricSummary } from "../../model/report/measured.js";
import type { RunReport } from "../../model/report/report.js";
import { alignColumns } from "../../support/terminal-text.js";

const STATISTICS = ["mean", "min", "p50", "p90", "p95", "p99", "max", "std"] as const;
const HEADS = ["avg", "min", "p50", "p90", "p95", "p99", "max", "std", "n"];
/** Shown for a rank among turns that never got there. */
const NEVER = "∞";
const UNKNOWN = "–";

interface Row {
  readonly name: string;
  readonly definition: string;
  readonly of: (report: RunReport) => MetricSummary | number | null | undefined;
}

/** Times from the send, as in other tools. */
const ROWS: readonly Row[] = [
  {
    name: "Time to First Token (ms)",
    definition: "send → first visible text (ttft, service time)",
    of: ({ metrics }) => metrics.ttft?.service,
  },
  {
    name: "Time to First Event (ms)",
    definition: "send → first event of any kind (ttfe, service time)",
    of: ({ metrics }) => metrics.ttfe?.service,
  },
  {
    name: "Inter Token Latency (ms)",
    definition: "first → last text ÷ (reported output tokens − 1), one value per turn (tpot)",
    of: ({ metrics }) => metrics.tpot,
  },
  {
    name: "Inter Chunk Latency (ms)",
    definition: "each gap between two pieces of text (chunk.gap)",
    of: ({ metrics }) => metrics["chunk.gap"],
  },
  {
    name: "Request Latency (ms)",
    definition: "send → terminal event (e2e, service time)",
    of: ({ metrics }) => metrics["agent.response"]?.service,
  },
  {
    name: "Output Sequence Length (tokens)",
    definition: "reported output tokens of a turn (tokens.output)",
    of: ({ counts }) => counts?.["tokens.output"],
  },
  {
    name: "Input Sequence Length (tokens)",
    definition: "reported input tokens of a turn (tokens.input)",
    of: ({ counts }) => counts?.["tokens.input"],
  },
  {
    name: "Output Token Throughput (tokens/s)",
    definition: "reported output tokens ÷ seconds of the hold (tokens.rate)",
    of: ({ rates }) => rates?.outputTokens,
  },
  {
    name: "Request Throughput (requests/s)",
    definition: "turns of the hold that completed ÷ its seconds",
    of: ({ rates }) => rates?.completed,
  },
  {
    name: "Goodput (requests/s)",
    definition: "turns of the hold that met every limit ÷ its seconds (goodput)",
    of: ({ rates }) => rates?.goodput,
  },
];

/** Lines without line breaks. */
export function llmTable(report: RunReport): string[] {
  const rows = ROWS.map(({ name, of }) => [name, ...figures(of(report))]);
  const table = alignColumns([["metric of the hold", ...HEADS], ...rows], (column) => column > 0);
  const definitions = alignColumns(ROWS.map(({ name, definition }) => [`  ${name}`, definition]));
  const censored = rows.some((row) => row.includes(NEVER));
  return [
    ...table,
    "",
    ...definitions,
    ...(censored
      ? [`  ${NEVER}: too many turns never got there to give this percentile; other tools leave them out`]
      : []),
    `  ${UNKNOWN}: not measured, or not reported by the backend`,
  ];
}

/** Single numbers go into the first column. */
function figures(value: MetricSummary | number | null | undefined): string[] {
  if (value === null || value === undefined) return HEADS.map(() => UNKNOWN);
  if (typeof value === "number") return [shown(value)];
  const attempts = value.count + value.censored;
  const none = value.censored > 0 ? NEVER : UNKNOWN;
  return [
    ...STATISTICS.map((statistic) => {
      const figure = value[statistic];
      // Mean and what derives from it only cover turns that got there.
      if (figure === null || figure === undefined)
        return statistic.startsWith("p") || statistic === "max" ? none : UNKNOWN;
      return shown(figure);
    }),
    String(attempts),
  ];
}

function shown(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
