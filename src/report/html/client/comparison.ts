// The page of a comparison: both sides' percentile spectra and seconds, one over the other.
/// <reference lib="dom" />
import type uPlot from "uplot";
import type { ComparisonPageData, PageData } from "../page-data.js";
import type { Page, TimePlot } from "./plot.js";
import type { Colours } from "./theme.js";

declare const dropDown: typeof import("./dom.js").dropDown;
declare const formatMillis: typeof import("./values.js").formatMillis;
declare const formatPercentile: typeof import("./values.js").formatPercentile;
declare const lastNines: typeof import("./spectrum-plot.js").lastNines;
declare const legendLook: typeof import("./plot.js").legendLook;
declare const lineSeries: typeof import("./plot.js").lineSeries;
declare const mountPlot: typeof import("./plot.js").mountPlot;
declare const mountTimePlot: typeof import("./plot.js").mountTimePlot;
declare const nines: typeof import("./spectrum-plot.js").nines;
declare const percentileAxis: typeof import("./spectrum-plot.js").percentileAxis;
declare const spectrumData: typeof import("./spectrum-plot.js").spectrumData;
declare const watchTheme: typeof import("./theme.js").watchTheme;
declare const yAxis: typeof import("./plot.js").yAxis;
declare const yScale: typeof import("./plot.js").yScale;

/** Called once, at the end of the script of a comparison's page. */
export function startComparison(): void {
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as ComparisonPageData;
  const page: Page = { data: timesOf(data), redraws: new Set() };
  const spectrumHost = document.getElementById("plot-spectra");
  const timeHost = document.getElementById("plot-timelines");
  const controls = document.getElementById("comparison-controls");
  const metrics = data.metrics.map(({ metric }) => metric);
  let metric = metrics.includes("agent.response") ? "agent.response" : (metrics[0] ?? "");
  if (spectrumHost && timeHost && controls && metrics.length > 0) {
    const redraws = [
      mountPlot(page, spectrumHost, (colours, width) => comparedSpectra(data, metric, colours, width)),
      mountTimePlot(page, timeHost, () => comparedTimes(data, metric)),
    ];
    controls.append(
      dropDown("Metric", metrics, metric, (value) => {
        metric = value;
        for (const redraw of redraws) redraw();
      }),
    );
  }
  watchTheme(() => {
    for (const redraw of page.redraws) redraw();
  });
}

/** What the plots over time read of a page: here, seconds since each hold began. */
export function timesOf({ seconds }: ComparisonPageData): PageData {
  const nothing = {
    phases: [],
    notes: [],
    faults: [],
    errors: {},
    latencies: {},
    spectra: [],
    limitsMs: {},
    turns: [],
  };
  return { ...nothing, seconds, secondsPerPoint: 1, generatorBoundMs: 0 } as unknown as PageData;
}

export function comparedTimes(data: ComparisonPageData, metric: string): TimePlot {
  const one = data.metrics.find((shown) => shown.metric === metric);
  return {
    format: formatMillis,
    height: 260,
    lines: [
      { label: "candidate p95", values: one?.candidate.p95 ?? [], colour: "accent" },
      { label: "baseline p95", values: one?.baseline.p95 ?? [], colour: "second", dash: [6, 4] },
      { label: "candidate p50", values: one?.candidate.p50 ?? [], colour: "third" },
      { label: "baseline p50", values: one?.baseline.p50 ?? [], colour: "fourth", dash: [6, 4] },
    ],
  };
}

export function comparedSpectra(
  data: ComparisonPageData,
  metric: string,
  colours: Colours,
  width: number,
): { options: uPlot.Options; data: uPlot.AlignedData } {
  const one = data.metrics.find((shown) => shown.metric === metric);
  const spectrum = {
    metric,
    response: one?.candidate.spectrum ?? [],
    service: one?.baseline.spectrum ?? [],
    limitsMs: [],
  };
  const columns = spectrumData(spectrum, 0.001);
  const line = (label: string, colour: keyof Colours, index: number, dash?: number[]): uPlot.Series => {
    const values = Array.from(columns[index] ?? [], (value) => value ?? null);
    return lineSeries({ label, colour, values, ...(dash ? { dash } : {}) }, formatMillis, colours);
  };
  return {
    data: columns,
    options: {
      width,
      height: 320,
      padding: [8, width < 500 ? 46 : 34, 0, 0],
      legend: legendLook([{}, { dash: [6, 4] }]),
      scales: {
        x: { time: false, range: () => [nines(0.5), lastNines(spectrum)] },
        y: yScale({ limits: [], logarithmic: true }),
      },
      axes: [percentileAxis(colours, width), yAxis({ format: formatMillis, logarithmic: true }, colours)],
      series: [
        { label: "percentile", value: (_, x) => (x === null ? "all" : formatPercentile(1 - 10 ** -x)) },
        line("candidate", "accent", 1),
        line("baseline", "second", 2, [6, 4]),
      ],
    },
  };
}
