// The sections about the measurement: generator, clock, metrics by phase, facts of the run.
import { isMetric, METRICS } from "../../../model/metric.js";
import type { MetricSummary } from "../../../model/report/measured.js";
import type { RunReport } from "../../../model/report/report.js";
import { formatBytes, formatCount, formatUs } from "../../../support/units.js";
import {
  formatCores,
  formatMs,
  GENERATOR_BOUND_MS,
  generatorState,
  standstillText,
} from "../../text/wording.js";
import { html, type Markup } from "../markup.js";
import {
  badge,
  type Column,
  facts,
  htmlTable,
  numbers,
  plotPlace,
  type Section,
  section,
} from "./section.js";

export function generatorSection(report: RunReport): Section {
  const { generator } = report;
  const state = generator.healthy
    ? badge("good", "✓", "healthy: it was not the limit")
    : badge("warn", "?", generatorState(report));
  const body = html`<p>${state} <span class="quiet">Bounds: p99 of send lag and loop delay in the hold at most ${GENERATOR_BOUND_MS} ms.</span></p>
${facts([
  ["workers", formatCount(generator.workers)],
  ["send lag p99", formatMs(generator.sendLagP99)],
  ["loop delay p99", formatMs(generator.loopDelayP99)],
  ["CPU mean", formatCores(generator.cpuMean)],
  ["CPU peak", formatCores(generator.cpuMax)],
  ["memory peak", generator.rssMaxMb === null ? "–" : `${formatCount(Math.round(generator.rssMaxMb))} MB`],
  [
    "garbage collection",
    `${formatMs(generator.gcMs)}, at most ${formatShare(generator.gcShareMax)} of the hold`,
  ],
  [
    "unsent in its sockets",
    generator.bufferedMaxBytes === null ? "–" : `at most ${formatBytes(generator.bufferedMaxBytes)}`,
  ],
  ["dropped starts", formatCount(generator.droppedStarts)],
  [
    "load offered",
    generator.offeredShare === null ? "–" : `${formatShare(generator.offeredShare)} of the plan`,
  ],
  ["stood still", standstillText(generator.standstills)],
])}
${
  report.timeline.length === 0
    ? undefined
    : html`<div class="plots three">${[
        plotPlace("lag", "Own delays", "Send lag and event-loop delay, p99 of each second, worst worker."),
        plotPlace("cpu", "CPU", "Cores in use by the busiest worker."),
        plotPlace("rss", "Memory", "Resident memory, all workers."),
        plotPlace("gc", "Garbage collection", "Milliseconds of each second, worst worker."),
        plotPlace(
          "wait",
          "Waiting for a core",
          "Milliseconds of each second in which the worst worker was ready to run, and other processes had the CPU.",
        ),
        plotPlace(
          "buffered",
          "Waiting in sockets",
          "Bytes that were handed to the sockets of all workers and not sent by the end of the second.",
        ),
      ]}</div>`
}
${workerTable(report)}`;
  return section("generator", "The generator", "Generator", body);
}

/** Each worker over the hold; for a single worker, the facts above are enough. */
function workerTable({ generator }: RunReport): Markup | undefined {
  if (generator.perWorker.length < 2) return undefined;
  const delays = numbers("no core", "garbage", "loop delay", "send lag");
  const columns = ["worker", ...numbers("CPU mean", "CPU peak"), ...delays, ...numbers("memory", "unsent")];
  const rows = generator.perWorker.map((one) => [
    one.servedBy === undefined ? String(one.worker) : `${one.worker} · ${one.servedBy}`,
    formatCores(one.cpuMean),
    formatCores(one.cpuMax),
    formatShare(one.cpuWaitShare),
    formatShare(one.gcShare),
    formatMs(one.loopDelayWorst),
    formatMs(one.sendLagWorst),
    `${formatCount(Math.round(one.rssMaxMb))} MB`,
    formatBytes(one.bufferedMaxBytes),
  ]);
  return html`<h3>By worker</h3><p class="quiet">Over the hold; delays are the p99 of the worst second.</p>${htmlTable("Each worker", columns, rows)}`;
}

/** A share as a percentage, `–` if unknown. */
function formatShare(share: number | null): string {
  return share === null ? "–" : `${Math.round(share * 1000) / 10}%`;
}

export function clockSection(report: RunReport): Section {
  const { clock } = report;
  const known = clock.offsetLowMs !== null && clock.offsetHighMs !== null;
  const offset = known ? `${signed(clock.offsetLowMs)} to ${signed(clock.offsetHighMs)}` : "unknown";
  const text =
    clock.mode === "same"
      ? "The target runs on this machine's clock, so event stamps compare directly."
      : "The target has a clock of its own. Its offset is known as an interval; event.delivery is judged at both ends of it.";
  return section(
    "clock",
    "Clock",
    "Clock",
    html`<p class="quiet">${text}</p>${facts([
      ["clock", clock.mode],
      ["stamped events", formatCount(clock.stampedEvents)],
      ["server minus client", offset],
      ["own drift", formatMs(clock.driftMs)],
    ])}`,
  );
}

function signed(ms: number | null): string {
  return ms === null ? "–" : `${ms > 0 ? "+" : ""}${ms === 0 ? "0" : formatMs(ms)}`;
}

const SUMMARY_COLUMNS: readonly Column[] = [
  "metric",
  ...numbers("n", "censored", "min", "mean", "p50", "p90", "p95", "p99", "p99.9", "max"),
];

export function metricsSection(report: RunReport): Section {
  const phases = [["hold", report.metrics] as const, ...Object.entries(report.phaseMetrics)];
  const tables = phases
    .filter(([, metrics]) => Object.keys(metrics).length > 0)
    .map(([phase, metrics], index) => {
      const rows = Object.entries(metrics).flatMap(([name, metric]) => [
        summaryRow(named(name), metric),
        ...(metric.service ? [summaryRow(`${name} (service time)`, metric.service)] : []),
      ]);
      return html`<details class="phase"${index === 0 ? html` open` : undefined}><summary>${phase}</summary>${htmlTable(
        `Metrics of ${phase}; a dash is a value that is censored or has no data`,
        SUMMARY_COLUMNS,
        rows,
      )}</details>`;
    });
  const body =
    tables.length === 0
      ? html`<p class="quiet">Nothing was measured.</p>`
      : html`${tables}${countsTable(report)}`;
  return section("metrics", "Metrics by phase", "Metrics", body);
}

/** Tokens, calls and cost of the hold's turns, and for how many turns they were reported. */
function countsTable({ counts = {}, usage }: RunReport): Markup | undefined {
  const rows = Object.entries(counts).map(([name, one]) => summaryRow(named(name), one, formatNumber));
  if (rows.length === 0) return undefined;
  const reported =
    usage &&
    html`<p class="quiet">${formatCount(usage.reported)} of ${formatCount(usage.turns)} completed turns reported their tokens; ${formatCount(usage.invalid)} reported a number that none can be, and the cost of ${formatCount(usage.unpriced)} is unknown although there are prices.</p>`;
  return html`<details class="phase" open><summary>counts of the hold</summary>${htmlTable(
    "Tokens, calls and cost of a turn, as far as they are reported; what is not reported is unknown, and never 0",
    SUMMARY_COLUMNS,
    rows,
  )}${reported}</details>`;
}

/** A metric with its definition, since tools use the same names differently. */
function named(metric: string): Markup {
  const meaning = isMetric(metric) ? METRICS[metric].meaning : "";
  return html`<span class="name">${metric}</span><span class="meaning">${meaning}</span>`;
}

function formatNumber(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(4)));
}

function summaryRow(
  name: string | Markup,
  metric: MetricSummary,
  format: (value: number | null) => string = formatMs,
): (string | Markup)[] {
  const { count, censored, min, mean, p50, p90, p95, p99, p999, max } = metric;
  const values = [min, mean, p50, p90, p95, p99, p999, max];
  return [name, formatCount(count), formatCount(censored), ...values.map(format)];
}

export function factsSection(report: RunReport): Section {
  const { machine } = report.generator;
  return section(
    "facts",
    "Facts of the run",
    "Facts",
    html`${facts([
      ["run", html`<code>${report.runId}</code>`],
      ["seed", html`<code>${report.seed}</code>`],
      ["gp-load", report.tool.version],
      ["report schema", report.schemaVersion],
      ["exit code", report.exitCode],
      ["duration", formatUs(report.durationMs * 1000)],
      ["Node.js", machine.node],
      ["platform", machine.platform],
      ["processor", `${machine.cpus} × ${machine.cpuModel}`],
      ["memory", formatBytes(machine.memoryBytes)],
    ])}
<p class="quiet">In a closed load a turn is intended when the previous one has settled and its think time has passed. So a closed load cannot show the turns that a frozen target prevented; an open load (arrivals) can.</p>`,
  );
}
