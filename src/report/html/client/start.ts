// Starts the page: reads its data, mounts what it shows, and wires the theme.
/// <reference lib="dom" />
import type { PageData } from "../page-data.js";
import type { Page } from "./plot.js";

declare const mountLatencyPlot: typeof import("./latency-plot.js").mountLatencyPlot;
declare const mountLoadPlots: typeof import("./load-plots.js").mountLoadPlots;
declare const mountSpectrumPlot: typeof import("./spectrum-plot.js").mountSpectrumPlot;
declare const mountTurns: typeof import("./waterfall-list.js").mountTurns;
declare const watchTheme: typeof import("./theme.js").watchTheme;

/** Called once, at the end of the page's script. */
export function startPage(): void {
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as PageData;
  const page: Page = { data, redraws: new Set() };
  if (data.seconds.length > 0) {
    mountLoadPlots(page);
    mountLatencyPlot(page);
  }
  mountSpectrumPlot(page);
  mountTurns(page);
  watchTheme(() => {
    for (const redraw of page.redraws) redraw();
  });
}
