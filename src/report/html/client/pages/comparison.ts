// The script of a comparison's page: percentile spectra and seconds of both sides overlaid.
import type uPlot from "uplot";
import type { ComparisonPageData } from "../../page-data.js";
import { dropDown } from "../dom.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import {
  legendLook,
  lineSeries,
  mountPlot,
  mountTimePlot,
  type TimePlot,
  xScale,
  yAxis,
  yScale,
} from "../plot.js";
import { lastNines, nines, percentileAxis, spectrumData } from "../spectrum-plot.js";
import type { Colours } from "../theme.js";
import { formatMillis, formatPercentile } from "../values.js";

const data = readPageData<ComparisonPageData>();
const redraws: Redraws = new Set();
const spectrumHost = document.getElementById("plot-spectra");
const timeHost = document.getElementById("plot-timelines");
const controls = document.getElementById("comparison-controls");
const metrics = data.metrics.map(({ metric }) => metric);
if (spectrumHost && timeHost && controls && metrics.length > 0) {
  let metric = metrics.includes("agent.response") ? "agent.response" : (metrics[0] ?? "");
  // Seconds since the start of each hold: no phases, faults or notes to mark.
  const time = { seconds: data.seconds, phases: [], faults: [], notes: [] };
  mountPlot(redraws, spectrumHost, (colours, width) => comparedSpectra(metric, colours, width));
  mountTimePlot(redraws, timeHost, time, () => comparedTimes(metric));
  controls.append(
    dropDown("Metric", metrics, metric, (value) => {
      metric = value;
      for (const redraw of redraws) redraw();
    }),
  );
}
finishPage(redraws);

function comparedTimes(metric: string): TimePlot {
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

function comparedSpectra(
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
        x: xScale(nines(0.5), lastNines(spectrum)),
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
