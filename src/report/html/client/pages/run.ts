// The script of a run's report: plots of load and latency, the spectrum, and the kept turns.
import type { PageData } from "../../page-data.js";
import { mountLatencyPlot } from "../latency-plot.js";
import { mountLoadPlots } from "../load-plots.js";
import { type Redraws, readPageData, redrawOnThemeChange } from "../page.js";
import { mountSpectrumPlot } from "../spectrum-plot.js";
import { mountTurns } from "../waterfall-list.js";

const data = readPageData<PageData>();
const redraws: Redraws = new Set();
if (data.seconds.length > 0) {
  mountLoadPlots(data, redraws);
  mountLatencyPlot(data, redraws);
}
mountSpectrumPlot(data, redraws);
mountTurns(data.turns);
redrawOnThemeChange(redraws);
