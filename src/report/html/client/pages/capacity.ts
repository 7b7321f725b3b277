// The script of a capacity search's page: throughput and latency over the load.
import type uPlot from "uplot";
import type { CapacityPageData } from "../../page-data.js";
import { finishPage, type Redraws, readPageData } from "../page.js";
import { type Built, type LinePlot, linePlot, mountPlot, type Shown, WHOLE_STEPS } from "../plot.js";
import type { Colours } from "../theme.js";
import { formatMillis, formatNumber } from "../values.js";

const data = readPageData<CapacityPageData>();
const redraws: Redraws = new Set();
const plots: Record<string, Shown> = {
  rates: {
    format: formatNumber,
    lines: [
      { label: "turns/s", values: data.throughput, colour: "accent" },
      { label: "goodput/s", values: data.goodput, colour: "good", dash: [6, 3] },
    ],
  },
  latencies: {
    format: formatMillis,
    logarithmic: true,
    lines: [
      { label: "response p99", values: data.p99, colour: "second" },
      { label: "response p95", values: data.p95, colour: "third", dash: [7, 3] },
      { label: "response p50", values: data.p50, colour: "accent", dash: [2, 3] },
    ],
  },
};
for (const [name, plot] of Object.entries(plots)) {
  const host = document.getElementById(`plot-${name}`);
  if (host && data.loads.length > 0)
    mountPlot(redraws, host, (colours, width) => againstLoad(plot, colours, width));
}
finishPage(redraws);

function againstLoad(shown: Shown, colours: Colours, width: number): Built {
  const plot: LinePlot = {
    ...{ ...shown, height: 280, xs: data.loads, series: { points: { show: true, size: 6 } } },
    x: {
      label: data.unit,
      scale: { time: false },
      axis: {
        label: data.unit,
        labelSize: 22,
        incrs: WHOLE_STEPS,
        values: (_, splits) => splits.map(formatNumber),
      },
      told: (load) => (load === null ? "all" : formatNumber(load)),
    },
    marks: (plot) => drawHolds(plot, colours),
  };
  return linePlot(plot, colours, width);
}

/** Lines at the highest load that held and the lowest that broke: the capacity lies between them. */
function drawHolds(plot: uPlot, colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  for (const [load, text, colour] of [
    [data.holds, "holds", colours.good],
    [data.breaks, "breaks", colours.bad],
  ] as const) {
    if (load === null) continue;
    const x = plot.valToPos(load, "x", true);
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const words = ` ${text} ${formatNumber(load)} `;
    const { width } = ctx.measureText(words);
    const before = text === "holds" ? x - width >= bbox.left : x + width > bbox.left + bbox.width;
    ctx.textAlign = before ? "right" : "left";
    ctx.fillText(words, x, bbox.top + 2);
  }
  ctx.restore();
}
