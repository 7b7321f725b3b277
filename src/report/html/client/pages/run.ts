// The script of a run's report: plots of load and latency, the spectrum, and the kept turns.
import type { PageData } from "../../page-data.js";
import { choice, dropDown } from "../dom.js";
import { loadPlots, mountLoadPlots } from "../load-plots.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import { mountTimePlot, type TimePlot } from "../plot.js";
import { mountSpectrumPlot } from "../spectrum-plot.js";
import { formatMillis } from "../values.js";
import { mountTurns } from "../waterfall-list.js";

/** Fills the place for latencies, if the run measured any. */
function mountLatencyPlot(data: PageData, redraws: Redraws): void {
  const host = document.getElementById("plot-latency");
  const controls = document.getElementById("latency-controls");
  const metrics = Object.keys(data.latencies);
  if (!host || !controls || metrics.length === 0) return;
  let metric = metrics.includes("agent.response") ? "agent.response" : (metrics[0] ?? "");
  let logarithmic = false;
  const redraw = mountTimePlot(redraws, host, data, () => latencyPlot(data, metric, logarithmic));
  controls.append(
    dropDown("Metric", metrics, metric, (value) => {
      metric = value;
      redraw();
    }),
    choice(
      "Scale",
      [
        ["linear", "linear"],
        ["log", "log"],
      ],
      "linear",
      (value) => {
        logarithmic = value === "log";
        redraw();
      },
    ),
  );
}

/** The plot of one metric. */
function latencyPlot(data: PageData, metric: string, logarithmic: boolean): TimePlot {
  const curves = data.latencies[metric];
  const positive = (values: readonly (number | null)[]): (number | null)[] =>
    values.map((value) => (logarithmic && value !== null && value <= 0 ? 0.001 : value));
  return {
    format: formatMillis,
    height: 300,
    logarithmic,
    beyond: curves?.censored ?? [],
    lines: [
      { label: "p99", values: positive(curves?.p99 ?? []), colour: "second" },
      { label: "p95", values: positive(curves?.p95 ?? []), colour: "third", dash: [7, 3] },
      { label: "p50", values: positive(curves?.p50 ?? []), colour: "accent", dash: [2, 3] },
    ],
    limits: (data.limitsMs[metric] ?? []).map((value) => ({
      value,
      text: `limit ${formatMillis(value)}`,
    })),
  };
}

const data = readPageData<PageData>();
const redraws: Redraws = new Set();
if (data.seconds.length > 0) {
  mountLoadPlots(data, redraws);
  mountLatencyPlot(data, redraws);
  mountFailures();
}
mountSpectrumPlot(data, redraws);
mountTurns(data.turns);
finishPage(redraws);

/** Beside each failure the plot that shows it. */
function mountFailures(): void {
  const plots = loadPlots(data);
  for (const failure of data.failed) {
    const host = document.getElementById(`plot-${failure.place}`);
    const { kind } = failure;
    const shown = kind === "latency" ? latencyPlot(data, failure.metric, false) : plots[kind];
    if (host && shown) mountTimePlot(redraws, host, data, () => ({ ...shown, height: 220 }));
  }
}
