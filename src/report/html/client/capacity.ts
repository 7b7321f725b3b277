// The page of a capacity search: what the target gave, and how long it took, against the load.
/// <reference lib="dom" />
import type uPlot from "uplot";
import type { CapacityPageData, Curve, PageData } from "../page-data.js";
import type { Line, Page, TimePlot } from "./plot.js";
import type { Colours } from "./theme.js";

declare const axisLook: typeof import("./plot.js").axisLook;
declare const formatMillis: typeof import("./values.js").formatMillis;
declare const formatNumber: typeof import("./values.js").formatNumber;
declare const legendLook: typeof import("./plot.js").legendLook;
declare const lineSeries: typeof import("./plot.js").lineSeries;
declare const mountPlot: typeof import("./plot.js").mountPlot;
declare const watchTheme: typeof import("./theme.js").watchTheme;
declare const yAxis: typeof import("./plot.js").yAxis;
declare const yScale: typeof import("./plot.js").yScale;

/** Called once, at the end of the script of a capacity search's page. */
export function startCapacity(): void {
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as CapacityPageData;
  const page: Page = { data: {} as PageData, redraws: new Set() };
  const plots: Record<string, Pick<TimePlot, "lines" | "format" | "logarithmic">> = {
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
      mountPlot(page, host, (colours, width) => againstLoad(data, plot, colours, width));
  }
  watchTheme(() => {
    for (const redraw of page.redraws) redraw();
  });
}

export function againstLoad(
  data: CapacityPageData,
  shown: Pick<TimePlot, "lines" | "format" | "logarithmic">,
  colours: Colours,
  width: number,
): { options: uPlot.Options; data: uPlot.AlignedData } {
  const curves: Curve[] = shown.lines.map((line: Line) => line.values);
  return {
    data: [data.loads, ...curves] as unknown as uPlot.AlignedData,
    options: {
      width,
      height: 280,
      padding: [20, 26, 0, 0],
      legend: legendLook(shown.lines),
      scales: { x: { time: false }, y: yScale(shown) },
      axes: [
        {
          ...axisLook(colours),
          label: data.unit,
          labelSize: 22,
          size: 30,
          values: (_, splits) => splits.map(formatNumber),
        },
        yAxis(shown, colours),
      ],
      series: [
        { label: data.unit, value: (_, load) => (load === null ? "all" : formatNumber(load)) },
        ...shown.lines.map((line: Line) => ({
          ...lineSeries(line, shown.format, colours),
          points: { show: true, size: 6 },
        })),
      ],
      hooks: { draw: [(plot) => drawHolds(plot, data, colours)] },
    },
  };
}

/** The stretch between what held and what broke: the answer lies in it. */
export function drawHolds(plot: uPlot, data: CapacityPageData, colours: Colours): void {
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
    ctx.textAlign = text === "holds" ? "right" : "left";
    ctx.fillText(` ${text} ${formatNumber(load)} `, x, bbox.top + 2);
  }
  ctx.restore();
}
