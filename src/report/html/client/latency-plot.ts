// The plot of a metric's percentiles over time, with a choice of metric and scale.

import type { PageData } from "../page-data.js";
import { dropDown, scaleChoice } from "./dom.js";
import type { Redraws } from "./page.js";
import { firstMetric, limitMarks, mountTimePlot, type Shown } from "./plot.js";
import { formatMillis } from "./values.js";

/** Draws latencies, if the run measured any. */
export function mountLatencyPlot(data: PageData, redraws: Redraws): void {
  const host = document.getElementById("plot-latency");
  const controls = document.getElementById("latency-controls");
  const metrics = Object.keys(data.latencies);
  if (!host || !controls || metrics.length === 0) return;
  let metric = firstMetric(metrics);
  let logarithmic = false;
  const redraw = mountTimePlot(redraws, host, data, () => latencyPlot(data, metric, logarithmic));
  controls.append(
    dropDown("Metric", metrics, metric, (value) => {
      metric = value;
      redraw();
    }),
    scaleChoice(logarithmic, (chosen) => {
      logarithmic = chosen;
      redraw();
    }),
  );
}

export function latencyPlot(data: PageData, metric: string, logarithmic: boolean): Shown {
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
    limits: limitMarks(data.limitsMs, metric),
  };
}
