// The page over all runs of a folder: filters, and the trend of one metric from run to run.
/// <reference lib="dom" />
import type uPlot from "uplot";
import type { Curve, HistoryPageData, PageData } from "../page-data.js";
import type { Line, Page } from "./plot.js";
import type { Colours } from "./theme.js";

declare const axisLook: typeof import("./plot.js").axisLook;
declare const dropDown: typeof import("./dom.js").dropDown;
declare const element: typeof import("./dom.js").element;
declare const formatMillis: typeof import("./values.js").formatMillis;
declare const formatNumber: typeof import("./values.js").formatNumber;
declare const legendLook: typeof import("./plot.js").legendLook;
declare const lineSeries: typeof import("./plot.js").lineSeries;
declare const mountPlot: typeof import("./plot.js").mountPlot;
declare const watchTheme: typeof import("./theme.js").watchTheme;
declare const yAxis: typeof import("./plot.js").yAxis;
declare const yScale: typeof import("./plot.js").yScale;

type HistoryRun = HistoryPageData["runs"][number];

interface Filter {
  scenario: string;
  target: string;
  verdict: string;
  text: string;
}

/** Called once, at the end of the script of the history's page. */
export function startHistory(): void {
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as HistoryPageData;
  const page: Page = { data: {} as PageData, redraws: new Set() };
  const host = document.getElementById("plot-trend");
  const filters = document.getElementById("filters");
  const controls = document.getElementById("trend-controls");
  const goodput = "goodput, %";
  const metrics = [...data.metrics, goodput];
  const filter: Filter = { scenario: "", target: "", verdict: "", text: "" };
  let metric = data.metrics.includes("agent.response") ? "agent.response" : (metrics[0] ?? "");
  const drawn = (): readonly HistoryRun[] =>
    data.runs.filter((run) => isShown(run, filter) && run.verdict !== "INVALID").reverse();
  const redraw =
    host && data.runs.length > 0
      ? mountPlot(page, host, (colours, width) => trendPlot(data, drawn(), metric, goodput, colours, width))
      : () => undefined;
  const update = (): void => {
    showRows(data, filter);
    const none = document.getElementById("trend-none");
    if (none)
      none.hidden = trendLines(data, drawn(), metric, goodput).some(({ values }) =>
        values.some((one) => one !== null),
      );
    redraw();
  };
  if (filters && data.runs.length > 0) mountFilters(filters, data, filter, update);
  controls?.append(
    dropDown("Metric", metrics, metric, (value) => {
      metric = value;
      update();
    }),
  );
  update();
  watchTheme(() => {
    for (const one of page.redraws) one();
  });
}

export function mountFilters(
  host: HTMLElement,
  data: HistoryPageData,
  filter: Filter,
  update: () => void,
): void {
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

export function isShown(run: HistoryRun, { scenario, target, verdict, text }: Filter): boolean {
  if (scenario !== "" && run.scenario !== scenario) return false;
  if (target !== "" && run.target !== target) return false;
  if (verdict !== "" && run.verdict !== verdict) return false;
  return [run.scenario, ...run.tags].some((word) => word.toLowerCase().includes(text));
}

/** The rows stand in the order of the data. */
export function showRows(data: HistoryPageData, filter: Filter): void {
  const rows = document.querySelectorAll<HTMLTableRowElement>(".history tbody tr");
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

/** Of one scenario three percentiles; of several one line each, since their numbers say nothing of each other. */
export function trendLines(
  data: HistoryPageData,
  runs: readonly HistoryRun[],
  metric: string,
  goodput: string,
): readonly Line[] {
  const at = data.metrics.indexOf(metric);
  const share = (run: HistoryRun): number | null => (run.goodput === null ? null : run.goodput * 100);
  const p95 = (run: HistoryRun): number | null => run.values[at]?.[1] ?? null;
  const scenarios = mostRun(runs);
  if (scenarios.length > 1) {
    const colours = ["accent", "second", "third", "fourth", "warn"] as const;
    return scenarios.map((scenario, index) => ({
      label: metric === goodput ? scenario : `${scenario} p95`,
      values: runs.map((run) =>
        run.scenario !== scenario ? null : metric === goodput ? share(run) : p95(run),
      ),
      colour: colours[index] ?? "muted",
      ...(index % 2 === 1 ? { dash: [6, 4] } : {}),
    }));
  }
  if (metric === goodput) return [{ label: "goodput", values: runs.map(share), colour: "good" }];
  const values = (index: number): Curve => runs.map((run) => run.values[at]?.[index] ?? null);
  return [
    { label: "p99", values: values(2), colour: "second" },
    { label: "p95", values: values(1), colour: "third", dash: [7, 3] },
    { label: "p50", values: values(0), colour: "accent", dash: [2, 3] },
  ];
}

/** The five scenarios with the most runs: more lines would hide each other. */
export function mostRun(runs: readonly HistoryRun[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { scenario } of runs) counts.set(scenario, (counts.get(scenario) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 5)
    .map(([scenario]) => scenario);
}

export function trendPlot(
  data: HistoryPageData,
  runs: readonly HistoryRun[],
  metric: string,
  goodput: string,
  colours: Colours,
  width: number,
): { options: uPlot.Options; data: uPlot.AlignedData } {
  const lines = trendLines(data, runs, metric, goodput);
  const format = metric === goodput ? formatNumber : formatMillis;
  const shown = { format, atLeast: metric === goodput ? 100 : 0 };
  const day = (index: number | null): string => {
    const run = index === null ? undefined : runs[index];
    return run ? `${run.startedAt.slice(5, 10)} ${run.startedAt.slice(11, 16)}` : "";
  };
  const named = (index: number | null): string => {
    const run = index === null ? undefined : runs[index];
    return run ? `${day(index)} ${run.scenario} ${run.verdict}` : "all";
  };
  return {
    data: [
      runs.map((_, index) => index),
      ...lines.map((line) => line.values),
    ] as unknown as uPlot.AlignedData,
    options: {
      width,
      height: 300,
      padding: [12, 26, 0, 0],
      legend: legendLook(lines),
      scales: {
        // A single run stands in the middle, and not at an edge.
        x: { time: false, range: () => [-0.5, Math.max(0.5, runs.length - 0.5)] },
        y: yScale(shown),
      },
      axes: [
        {
          ...axisLook(colours),
          size: 30,
          space: 90,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
          values: (_, splits) => splits.map((index) => day(index)),
        },
        yAxis(shown, colours),
      ],
      series: [
        { label: "run", value: (_, index) => named(index) },
        ...lines.map((line) => ({
          ...lineSeries(line, format, colours),
          // Between two runs of a scenario lie those of others.
          spanGaps: true,
          points: { show: runs.length < 200, size: 6 },
        })),
      ],
    },
  };
}
