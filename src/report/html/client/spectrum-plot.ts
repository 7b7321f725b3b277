// The percentile spectrum of a metric: how slow the slowest share of all attempts was, far into the tail.
import type uPlot from "uplot";
import type { Spectrum, SpectrumPoint } from "../../../model/report/details.js";
import type { PageData } from "../page-data.js";
import { drawCensored } from "./bands.js";
import { dropDown, scaleChoice } from "./dom.js";
import type { Redraws } from "./page.js";
import {
  type Built,
  firstMetric,
  type Line,
  type LinePlot,
  limitMarks,
  linePlot,
  mountPlot,
  xScale,
} from "./plot.js";
import type { Colours } from "./theme.js";
import { formatMillis, formatNumber, formatPercentile } from "./values.js";

/** Draws the spectra, if there are any. */
export function mountSpectrumPlot(data: PageData, redraws: Redraws): void {
  const host = document.getElementById("plot-spectrum");
  const controls = document.getElementById("spectrum-controls");
  const { spectra } = data;
  const names = spectra.map((one) => one.metric);
  let shown = spectra.find((one) => one.metric === firstMetric(names));
  if (!host || !controls || !shown) return;
  let logarithmic = true;
  const redraw = mountPlot(redraws, host, (colours, width) =>
    spectrumPlot(data, shown, logarithmic, colours, width),
  );
  const bars = document.getElementById("plot-histogram");
  const redrawBars = bars && mountPlot(redraws, bars, (...look) => histogramPlot(shown, ...look));
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
function nines(percentile: number): number {
  return -Math.log10(Math.max(1e-6, 1 - percentile));
}

/** Start of the censored ranks; beyond the plot if there are none. */
function censoredFrom(spectrum: Pick<Spectrum, "response">): number {
  const first = spectrum.response.find((point) => point.valueMs === null);
  return first ? nines(first.percentile) : 99;
}

/** The right end of the x axis: as far as there are samples, from 99.9 % to 99.999 %. */
function lastNines(spectrum: Pick<Spectrum, "response">): number {
  const known = spectrum.response
    .filter((point) => point.percentile < 1)
    .map((point) => nines(point.percentile));
  return Math.min(5, Math.max(3, ...known));
}

/** Both curves on one x axis: the points from 50 % to 99.999 %. */
function spectrumData(spectrum: Pick<Spectrum, "response" | "service">, least: number): uPlot.AlignedData {
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

/** Two curves over percentiles, far into the tail; the second one may be absent. */
export function percentilePlot(
  spectrum: Pick<Spectrum, "response" | "service">,
  [first, second]: readonly [string, string],
  shown: Pick<LinePlot, "limits" | "logarithmic" | "marks">,
  colours: Colours,
  width: number,
): Built {
  const [xs, ...columns] = spectrumData(spectrum, shown.logarithmic ? 0.001 : 0);
  const values = columns.map((column): Line["values"] => Array.from(column, (value) => value ?? null));
  const lines: Line[] = [{ label: first, colour: "accent", values: values[0] ?? [] }];
  if (spectrum.service)
    lines.push({ label: second, colour: "second", values: values[1] ?? [], dash: [6, 4] });
  const ticks = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999];
  const plot: LinePlot = {
    ...shown,
    ...{ lines, format: formatMillis, height: 320, padding: [8, width < 500 ? 46 : 34, 0, 0] },
    xs: { data: [xs, ...columns.slice(0, lines.length)] },
    x: {
      label: "percentile",
      scale: xScale(nines(0.5), lastNines(spectrum)),
      // Its labels are rotated if there is little room.
      axis: {
        splits: () => ticks.map(nines),
        values: () => ticks.map(formatPercentile),
        ...(width < 500 ? { rotate: -50, size: 64 } : {}),
      },
      told: (x) => (x === null ? "all" : formatPercentile(1 - 10 ** -x)),
    },
  };
  return linePlot(plot, colours, width);
}

const CURVES = ["response (from the intended time)", "service (from the send)"] as const;

function spectrumPlot(
  { limitsMs }: PageData,
  spectrum: Spectrum | undefined,
  logarithmic: boolean,
  colours: Colours,
  width: number,
): Built {
  const shown = spectrum ?? { metric: "", response: [] };
  const limits = limitMarks(limitsMs, shown.metric);
  const marks = (plot: uPlot): void => drawCensored(plot, censoredFrom(shown), colours);
  return percentilePlot(shown, CURVES, { limits, logarithmic, marks }, colours, width);
}

/** Adjacent bars with ticks at their edges; x is the number of a bar. */
function histogramPlot(spectrum: Spectrum | undefined, colours: Colours, width: number): Built {
  const { edgesMs, counts } = spectrum?.histogram ?? { edgesMs: [], counts: [] };
  const every = Math.max(1, Math.ceil(edgesMs.length / ((width - 90) / 64)));
  const edge = (at: number): string => formatMillis(edgesMs[at] ?? 0);
  const plot: LinePlot = {
    lines: [{ label: "samples", values: counts, colour: "accent", bars: true }],
    ...{ format: formatNumber, whole: true, height: 240, padding: [20, 34, 0, 0] },
    xs: counts.map((_, at) => at),
    x: {
      label: "from",
      scale: xScale(-0.5, counts.length - 0.5),
      axis: {
        splits: () => edgesMs.flatMap((_, at) => (at % every === 0 ? [at - 0.5] : [])),
        values: (_, splits) => splits.map((at) => edge(at + 0.5)),
      },
      told: (at) => (at === null ? "all" : `${edge(at)} to ${edge(at + 1)}`),
    },
  };
  return linePlot(plot, colours, width);
}
