// The percentile spectrum of a metric: how slow the slowest share of all attempts was, far into the tail.
import type uPlot from "uplot";
import type { Spectrum, SpectrumPoint } from "../../../model/report/details.js";
import type { PageData } from "../page-data.js";
import { drawCensored, drawLimits } from "./bands.js";
import { dropDown, scaleChoice } from "./dom.js";
import type { Redraws } from "./page.js";
import {
  alignedData,
  axisLook,
  type Line,
  legendLook,
  lineSeries,
  mountPlot,
  xScale,
  yAxis,
  yScale,
} from "./plot.js";
import type { Colours } from "./theme.js";
import { formatMillis, formatNumber, formatPercentile } from "./values.js";

/** Draws the spectra, if there are any. */
export function mountSpectrumPlot(data: PageData, redraws: Redraws): void {
  const host = document.getElementById("plot-spectrum");
  const controls = document.getElementById("spectrum-controls");
  const { spectra } = data;
  let shown = spectra.find((one) => one.metric === "agent.response") ?? spectra[0];
  if (!host || !controls || !shown) return;
  let logarithmic = true;
  const redraw = mountPlot(redraws, host, (colours, width) =>
    spectrumPlot(data, shown, logarithmic, colours, width),
  );
  const bars = document.getElementById("plot-histogram");
  const redrawBars = bars && mountPlot(redraws, bars, (...look) => histogramPlot(shown, ...look));
  const names = spectra.map((one) => one.metric);
  controls.append(
    dropDown("Metric", names, shown.metric, (value) => {
      shown = spectra.find((one) => one.metric === value);
      redraw();
      redrawBars?.();
    }),
    scaleChoice(logarithmic, (chosen) => {
      logarithmic = chosen;
      redraw();
    }),
  );
}

/** Number of nines: 0 at 50 % is 0.3, 1 at 90 %, 2 at 99 %; this is what makes the x axis a 1/(1 − p) scale. */
export function nines(percentile: number): number {
  return -Math.log10(Math.max(1e-6, 1 - percentile));
}

/** Start of the censored ranks; beyond the plot if there are none. */
function censoredFrom(spectrum: Pick<Spectrum, "response">): number {
  const first = spectrum.response.find((point) => point.valueMs === null);
  return first ? nines(first.percentile) : 99;
}

/** The right end of the x axis: as far as there are samples, from 99.9 % to 99.999 %. */
export function lastNines(spectrum: Pick<Spectrum, "response">): number {
  const known = spectrum.response
    .filter((point) => point.percentile < 1)
    .map((point) => nines(point.percentile));
  return Math.min(5, Math.max(3, ...known));
}

/** Both curves on one x axis: the points from 50 % to 99.999 %. */
export function spectrumData(
  spectrum: Pick<Spectrum, "response" | "service">,
  least: number,
): uPlot.AlignedData {
  const inRange = (points: readonly SpectrumPoint[]): SpectrumPoint[] =>
    points.filter((point) => point.percentile >= 0.5 && point.percentile <= 0.999991);
  const lists = [inRange(spectrum.response), inRange(spectrum.service ?? [])];
  const xs = [...new Set(lists.flatMap((points) => points.map((point) => nines(point.percentile))))].sort(
    (a, b) => a - b,
  );
  const columns = lists.map((points) => {
    const byX = new Map(points.map((point) => [nines(point.percentile), point.valueMs]));
    // `undefined` joins the neighbours (no point was asked for), `null` is a gap (the rank is censored).
    return xs.map((x) => {
      const value = byX.get(x);
      return typeof value === "number" ? Math.max(least, value) : value;
    });
  });
  return [xs, ...columns];
}

/** The x axis; its labels are rotated if there is little room. */
export function percentileAxis(colours: Colours, width: number): uPlot.Axis {
  const ticks = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999];
  return {
    ...axisLook(colours),
    splits: () => ticks.map(nines),
    values: () => ticks.map(formatPercentile),
    ...(width < 500 ? { rotate: -50, size: 64 } : { size: 30 }),
  };
}

function spectrumPlot(
  { limitsMs }: PageData,
  spectrum: Spectrum | undefined,
  logarithmic: boolean,
  colours: Colours,
  width: number,
): { options: uPlot.Options; data: uPlot.AlignedData } {
  const shown: Pick<Spectrum, "response" | "service"> & { readonly metric: string } = spectrum ?? {
    metric: "",
    response: [],
  };
  const data = spectrumData(shown, logarithmic ? 0.001 : 0);
  const limits = (limitsMs[shown.metric] ?? []).map((value) => ({
    value,
    text: `limit ${formatMillis(value)}`,
  }));
  const line = (label: string, colour: keyof Colours, index: number, dash?: number[]): uPlot.Series => {
    const values = (data[index] ?? []) as Line["values"];
    const known: Line["values"] = values.map((value) => value ?? null);
    return lineSeries({ label, colour, values: known, ...(dash ? { dash } : {}) }, formatMillis, colours);
  };
  const service: uPlot.Series[] = shown.service ? [line("service (from the send)", "second", 2, [6, 4])] : [];
  return {
    data: (shown.service ? data : data.slice(0, 2)) as uPlot.AlignedData,
    options: {
      width,
      height: 320,
      padding: [8, width < 500 ? 46 : 34, 0, 0],
      legend: legendLook([{}, { dash: [6, 4] }]),
      scales: {
        x: xScale(nines(0.5), lastNines(shown)),
        y: yScale({ limits, logarithmic }),
      },
      axes: [percentileAxis(colours, width), yAxis({ format: formatMillis, logarithmic }, colours)],
      series: [
        { label: "percentile", value: (_, x) => (x === null ? "all" : formatPercentile(1 - 10 ** -x)) },
        line("response (from the intended time)", "accent", 1),
        ...service,
      ],
      hooks: {
        draw: [
          (plot) => {
            drawCensored(plot, censoredFrom(shown), colours);
            drawLimits(plot, "y", limits, colours);
          },
        ],
      },
    },
  };
}

/** Adjacent bars with ticks at their edges; x is the number of a bar. */
function histogramPlot(
  spectrum: Spectrum | undefined,
  colours: Colours,
  width: number,
): { options: uPlot.Options; data: uPlot.AlignedData } {
  const { edgesMs, counts } = spectrum?.histogram ?? { edgesMs: [], counts: [] };
  const lines: readonly Line[] = [{ label: "samples", values: counts, colour: "accent", bars: true }];
  const look = { format: formatNumber, whole: true } as const;
  const every = Math.max(1, Math.ceil(edgesMs.length / ((width - 90) / 64)));
  const edge = (at: number): number => edgesMs[at] ?? 0;
  return {
    data: alignedData(
      counts.map((_, at) => at),
      lines,
    ),
    options: {
      width,
      height: 240,
      padding: [20, 34, 0, 0],
      legend: legendLook(lines),
      scales: { x: xScale(-0.5, counts.length - 0.5), y: yScale({}) },
      axes: [
        {
          ...axisLook(colours),
          size: 30,
          splits: () => edgesMs.flatMap((_, at) => (at % every === 0 ? [at - 0.5] : [])),
          values: (_, splits) => splits.map((at) => formatMillis(edge(at + 0.5))),
        },
        yAxis(look, colours),
      ],
      series: [
        {
          label: "from",
          value: (_, at) =>
            at === null ? "all" : `${formatMillis(edge(at))} to ${formatMillis(edge(at + 1))}`,
        },
        ...lines.map((line) => lineSeries(line, formatNumber, colours)),
      ],
    },
  };
}
