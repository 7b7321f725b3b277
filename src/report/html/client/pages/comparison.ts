// The script of a comparison's page: percentile spectra and seconds of both sides overlaid.
import type { ComparisonPageData } from "../../page-data.js";
import { dropDown } from "../dom.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import { type Built, firstMetric, mountPlot, mountTimePlot, type Shown } from "../plot.js";
import { percentilePlot } from "../spectrum-plot.js";
import type { Colours } from "../theme.js";
import { formatMillis } from "../values.js";

const data = readPageData<ComparisonPageData>();
const redraws: Redraws = new Set();
const spectrumHost = document.getElementById("plot-spectra");
const timeHost = document.getElementById("plot-timelines");
const controls = document.getElementById("comparison-controls");
const metrics = data.metrics.map(({ metric }) => metric);
if (spectrumHost && timeHost && controls && metrics.length > 0) {
  let metric = firstMetric(metrics);
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

function comparedTimes(metric: string): Shown {
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

function comparedSpectra(metric: string, colours: Colours, width: number): Built {
  const one = data.metrics.find((shown) => shown.metric === metric);
  const spectra = { response: one?.candidate.spectrum ?? [], service: one?.baseline.spectrum ?? [] };
  return percentilePlot(spectra, ["candidate", "baseline"], { logarithmic: true }, colours, width);
}
