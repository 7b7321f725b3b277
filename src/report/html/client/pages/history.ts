// The script of the page over all runs of a folder: filters, and the trend of one metric from run to run.
import type { Curve, HistoryPageData } from "../../page-data.js";
import { dropDown, element } from "../dom.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import { type Built, firstMetric, type Line, type LinePlot, linePlot, mountPlot, xScale } from "../plot.js";
import type { Colours } from "../theme.js";
import { formatMillis, formatNumber } from "../values.js";

type HistoryRun = HistoryPageData["runs"][number];

interface Filter {
  scenario: string;
  target: string;
  verdict: string;
  text: string;
}

const GOODPUT = "goodput, %";

const data = readPageData<HistoryPageData>();
const redraws: Redraws = new Set();
const host = document.getElementById("plot-trend");
const filters = document.getElementById("filters");
const controls = document.getElementById("trend-controls");
// In the order of the data, even if sorted later.
const rows = [...document.querySelectorAll<HTMLTableRowElement>(".history tbody tr")];
const metrics = [...data.metrics, GOODPUT];
const filter: Filter = { scenario: "", target: "", verdict: "", text: "" };
let metric = firstMetric(metrics);
const shownRuns = (): readonly HistoryRun[] =>
  data.runs.filter((run) => isShown(run, filter) && run.verdict !== "INVALID").reverse();
const redraw =
  host && data.runs.length > 0
    ? mountPlot(redraws, host, (colours, width) => trendPlot(shownRuns(), metric, colours, width))
    : () => undefined;
const update = (): void => {
  showRows(filter);
  const none = document.getElementById("trend-none");
  if (none)
    none.hidden = trendLines(shownRuns(), metric).some(({ values }) =>
      values.some((value) => value !== null),
    );
  redraw();
};
if (filters && data.runs.length > 0) mountFilters(filters, filter, update);
controls?.append(
  dropDown("Metric", metrics, metric, (value) => {
    metric = value;
    update();
  }),
);
update();
finishPage(redraws);

function mountFilters(host: HTMLElement, filter: Filter, update: () => void): void {
  const all = "all";
  const choose = (label: string, key: "scenario" | "target" | "verdict"): HTMLElement => {
    const known = [...new Set(data.runs.map((run) => run[key]))].sort();
    return dropDown(label, [all, ...known], all, (value) => {
      filter[key] = value === all ? "" : value;
      update();
    });
  };
  const input = element("input", "");
  input.type = "search";
  input.addEventListener("input", () => {
    filter.text = input.value.trim().toLowerCase();
    update();
  });
  host.append(
    choose("Scenario", "scenario"),
    choose("Target", "target"),
    choose("Verdict", "verdict"),
    element("label", "drop-down", "Name or tag ", input),
  );
}

function isShown(run: HistoryRun, { scenario, target, verdict, text }: Filter): boolean {
  if (scenario !== "" && run.scenario !== scenario) return false;
  if (target !== "" && run.target !== target) return false;
  if (verdict !== "" && run.verdict !== verdict) return false;
  return [run.scenario, ...run.tags].some((word) => word.toLowerCase().includes(text));
}

function showRows(filter: Filter): void {
  let shown = 0;
  data.runs.forEach((run, index) => {
    const row = rows[index];
    if (!row) return;
    row.hidden = !isShown(run, filter);
    if (!row.hidden) shown++;
  });
  const count = document.getElementById("shown-count");
  if (count) count.textContent = `${formatNumber(shown)} of ${formatNumber(data.runs.length)} runs`;
}

/** Runs that a line may connect: same scenario, target and load. */
function kindOf({ scenario, target, load }: HistoryRun): string {
  return JSON.stringify([scenario, target, load]);
}

/** Three percentiles for one kind of run; for several kinds, which are not comparable, a line each. */
function trendLines(runs: readonly HistoryRun[], metric: string): readonly Line[] {
  const at = data.metrics.indexOf(metric);
  const share = (run: HistoryRun): number | null => (run.goodput === null ? null : run.goodput * 100);
  const p95 = (run: HistoryRun): number | null => run.values[at]?.[1] ?? null;
  const kinds = mostRun(runs);
  if (kinds.length > 1) {
    const colours = ["accent", "second", "third", "fourth", "warn"] as const;
    const names = kindNames(kinds);
    return kinds.map((kind, index) => ({
      label: metric === GOODPUT ? (names[index] ?? "") : `${names[index]} p95`,
      values: runs.map((run) => (kindOf(run) !== kind ? null : metric === GOODPUT ? share(run) : p95(run))),
      colour: colours[index] ?? "muted",
      ...(index % 2 === 1 ? { dash: [6, 4] } : {}),
    }));
  }
  if (metric === GOODPUT) return [{ label: "goodput", values: runs.map(share), colour: "good" }];
  const values = (index: number): Curve => runs.map((run) => run.values[at]?.[index] ?? null);
  return [
    { label: "p99", values: values(2), colour: "second" },
    { label: "p95", values: values(1), colour: "third", dash: [7, 3] },
    { label: "p50", values: values(0), colour: "accent", dash: [2, 3] },
  ];
}

/** The five kinds with the most runs; more lines would hide each other. */
function mostRun(runs: readonly HistoryRun[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(kindOf(run), (counts.get(kindOf(run)) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 5)
    .map(([kind]) => kind);
}

/** Names by what differs: scenario, target or load. */
function kindNames(kinds: readonly string[]): readonly string[] {
  const parts = kinds.map((kind) => JSON.parse(kind) as readonly string[]);
  const telling = [0, 1, 2].filter((at) => new Set(parts.map((part) => part[at])).size > 1);
  return parts.map((part) => telling.map((at) => part[at]).join(" · "));
}

function trendPlot(runs: readonly HistoryRun[], metric: string, colours: Colours, width: number): Built {
  const day = (index: number): string => {
    const run = runs[index];
    return run ? `${run.startedAt.slice(5, 10)} ${run.startedAt.slice(11, 16)}` : "";
  };
  const plot: LinePlot = {
    lines: trendLines(runs, metric),
    format: metric === GOODPUT ? formatNumber : formatMillis,
    ...{ atLeast: metric === GOODPUT ? 100 : 0, height: 300, padding: [12, 26, 0, 0] },
    // Runs of other kinds may be in between.
    series: { spanGaps: true, points: { show: runs.length < 200, size: 6 } },
    xs: runs.map((_, index) => index),
    x: {
      label: "run",
      // A single run is in the middle, not at an edge.
      scale: xScale(-0.5, Math.max(0.5, runs.length - 0.5)),
      axis: {
        space: 90,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
        values: (_, splits) => splits.map(day),
      },
      told(index) {
        const run = index === null ? undefined : runs[index];
        return run && index !== null ? `${day(index)} ${run.scenario} ${run.verdict}` : "all";
      },
    },
  };
  return linePlot(plot, colours, width);
}
