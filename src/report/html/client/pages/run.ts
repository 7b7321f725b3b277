// The script of a run's report: plots of load and latency, the spectrum, and the kept turns.
import type { PageData } from "../../page-data.js";
import { mountBreakdownPlot } from "../breakdown-plot.js";
import { latencyPlot, mountLatencyPlot } from "../latency-plot.js";
import { loadPlots, mountLoadPlots } from "../load-plots.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import { mountTimePlot } from "../plot.js";
import { mountSpectrumPlot } from "../spectrum-plot.js";
import { mountTurns } from "../waterfall-list.js";

const data = readPageData<PageData>();
const redraws: Redraws = new Set();
if (data.seconds.length > 0) {
  mountLoadPlots(data, redraws);
  mountLatencyPlot(data, redraws);
  mountFailures();
}
mountSpectrumPlot(data, redraws);
mountBreakdownPlot(data, redraws);
mountTurns(data.turns);
finishPage(redraws);

/** Next to each failure, the plot that shows it. */
function mountFailures(): void {
  const plots = loadPlots(data);
  for (const failure of data.failed) {
    const host = document.getElementById(`plot-${failure.place}`);
    const { kind } = failure;
    const shown = kind === "latency" ? latencyPlot(data, failure.metric, false) : plots[kind];
    if (host && shown) mountTimePlot(redraws, host, data, () => ({ ...shown, height: 220 }));
  }
}
