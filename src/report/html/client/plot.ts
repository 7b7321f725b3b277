// Puts plots on the page, fits them to their place, and redraws them when the theme changes.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Curve, PageData } from "../page-data.js";
import { drawBeyond, drawFaultNames, drawFaults, drawLimits, drawNotes, drawPhases } from "./bands.js";
import type { Redraws } from "./page.js";
import { accessibleLegend, keyboardCursor, valueTable } from "./plot-access.js";
import { type Colours, readColours } from "./theme.js";
import { formatInstant, formatMillis } from "./values.js";

/** The x axis of a time plot, and the marks on all of them. */
export type TimeAxis = Pick<PageData, "seconds" | "phases" | "faults" | "notes">;

/** A curve, with a dash or fill that distinguishes it without colour. */
export interface Line {
  readonly label: string;
  readonly values: Curve;
  /** The legend's values, if the curve is stacked. */
  readonly told?: Curve;
  readonly colour: keyof Colours;
  readonly dash?: number[];
  readonly fill?: true;
  readonly bars?: true;
}

/** How a plot shows its lines, over any x axis. */
export interface Shown {
  readonly lines: readonly Line[];
  readonly format: (value: number | null | undefined) => string;
  readonly limits?: readonly { readonly value: number; readonly text: string }[];
  readonly logarithmic?: boolean;
  /** Counts: no ticks between whole numbers. */
  readonly whole?: true;
  /** Places on the x axis to mark at the top, because their value is beyond every scale. */
  readonly beyond?: readonly number[];
  /** Least top of the y axis, so that a constant 0 stays at the bottom. */
  readonly atLeast?: number;
  readonly height?: number;
}

/** The x axis of a plot. */
export interface Abscissa {
  readonly label: string;
  readonly scale: uPlot.Scale;
  readonly axis: uPlot.Axis;
  /** The legend's text for a place on it; for `null`, without a cursor. */
  readonly told: (x: number | null) => string;
}

export interface LinePlot extends Shown {
  /** Of the points of all lines; or all data, if not every line has the same points. */
  readonly xs: readonly number[] | { readonly data: uPlot.AlignedData };
  readonly x: Abscissa;
  readonly padding?: uPlot.Padding;
  readonly series?: Pick<uPlot.Series, "points" | "spanGaps">;
  /** Further marks, under those of limits. */
  readonly marks?: (plot: uPlot) => void;
}

/** What uPlot needs. */
export interface Built {
  readonly options: uPlot.Options;
  readonly data: uPlot.AlignedData;
}

/** The metric shown first. */
export function firstMetric(metrics: readonly string[]): string {
  return metrics.includes("agent.response") ? "agent.response" : (metrics[0] ?? "");
}

export function limitMarks(limitsMs: PageData["limitsMs"], metric: string): NonNullable<Shown["limits"]> {
  return (limitsMs[metric] ?? []).map((value) => ({ value, text: `limit ${formatMillis(value)}` }));
}

/** Keeps a plot of `build` in `host`; returns a function that redraws it. */
export function mountPlot(
  redraws: Redraws,
  host: HTMLElement,
  build: (colours: Colours, width: number) => Built,
): () => void {
  let plot: uPlot | undefined;
  const hidden = new Set<string>();
  const shownPlot = (): uPlot | undefined => plot;
  const redraw = (): void => {
    const zoom = plot && zoomOf(plot);
    plot?.destroy();
    const { options, data } = build(readColours(), widthFor(host));
    const series = options.series.map((one) => ({ ...one, show: !hidden.has(String(one.label)) }));
    plot = new uPlot({ ...options, series }, data, host);
    if (zoom) plot.setScale("x", zoom);
    accessibleLegend(plot, hidden);
  };
  redraw();
  redraws.add(redraw);
  new ResizeObserver(() => {
    const width = widthFor(host);
    if (plot && plot.width !== width) plot.setSize({ width, height: plot.height });
  }).observe(host);
  keyboardCursor(host, shownPlot);
  host.after(valueTable(shownPlot));
  return redraw;
}

/** The part of its values that a plot shows, if not all. */
function zoomOf({
  data: [xs = []],
  scales: { x },
}: uPlot): { readonly min: number; readonly max: number } | undefined {
  const [first, last] = [xs[0], xs.at(-1)];
  if (first === undefined || last === undefined || x?.min === undefined || x.max === undefined)
    return undefined;
  return x.min > first || x.max < last ? { min: x.min, max: x.max } : undefined;
}

/** Width of A4 and Letter within the margins of page and card. */
const PAPER_WIDTH = 640;
/** Set before the change of theme redraws every plot, for paper and then for the screen. */
let onPaper = false;
addEventListener("beforeprint", () => {
  onPaper = true;
});
addEventListener("afterprint", () => {
  onPaper = false;
});

function widthFor(host: HTMLElement): number {
  return onPaper ? PAPER_WIDTH : Math.max(200, host.clientWidth);
}

/** A plot over time; all of them share one cursor. */
export function mountTimePlot(
  redraws: Redraws,
  host: HTMLElement,
  time: TimeAxis,
  describe: () => Shown,
): () => void {
  return mountPlot(redraws, host, (colours, width) => timePlot(time, describe(), colours, width));
}

export function linePlot(shown: LinePlot, colours: Colours, width: number): Built {
  const { xs, x, lines, format, limits = [], beyond = [] } = shown;
  return {
    data: "data" in xs ? xs.data : [[...xs], ...lines.map(({ values }) => [...values])],
    options: {
      width,
      height: shown.height ?? 200,
      padding: shown.padding ?? [20, 26, 0, 0],
      // Marks in the legend have the dash of their line, so that they do not differ by colour alone.
      legend: {
        markers: { width: 3, dash: (_, series) => (lines[series - 1]?.dash ? "dashed" : "solid") },
      },
      scales: { x: x.scale, y: yScale(shown) },
      axes: [{ ...axisLook(colours), size: 30, ...x.axis }, yAxis(shown, colours)],
      series: [
        { label: x.label, value: (_, at) => x.told(at) },
        ...lines.map((line) => ({ ...lineSeries(line, format, colours), ...shown.series })),
      ],
      hooks: {
        draw: [
          (plot) => {
            shown.marks?.(plot);
            drawLimits(plot, "y", limits, colours);
            drawBeyond(plot, beyond, colours);
          },
        ],
      },
    },
  };
}

/** Pixels from the top of a plot to what lies below the triangles there. */
const BELOW_MARKS = 14;

const TIME: Abscissa = {
  label: "time",
  scale: { time: false, range: (_, min, max) => wideEnough(min, max) },
  axis: {
    values: (_, splits) => splits.map(formatInstant),
    space: 60,
    incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200],
  },
  told: (seconds) => (seconds === null ? "whole run" : formatInstant(seconds)),
};

function timePlot(time: TimeAxis, shown: Shown, colours: Colours, width: number): Built {
  const marks = (plot: uPlot): void => {
    drawFaultNames(plot, time.faults, shown.beyond?.length ? BELOW_MARKS : 2, colours);
    drawNotes(plot, time.notes, colours);
  };
  const { data, options } = linePlot({ ...shown, xs: time.seconds, x: TIME, marks }, colours, width);
  const drawClear = (plot: uPlot): void => {
    drawPhases(plot, time.phases, colours);
    drawFaults(plot, time.faults, colours);
  };
  const sync = { key: "time", scales: ["x", null] } satisfies uPlot.Cursor.Sync;
  return {
    data,
    options: {
      ...options,
      cursor: { sync, drag: { x: true, y: false }, points: { size: 7 } },
      hooks: { ...options.hooks, drawClear: [drawClear] },
    },
  };
}

/** An x scale from `from` to `to`, until zoomed. */
export function xScale(from: number, to: number): uPlot.Scale {
  return {
    time: false,
    range: ({ data: [xs = []] }, min, max) =>
      min === null || max === null || (min <= (xs[0] ?? min) && max >= (xs.at(-1) ?? max))
        ? [from, to]
        : [Math.max(from, min), Math.min(to, max)],
  };
}

/** Zooms no further than two seconds, since the ticks are whole seconds. */
function wideEnough(min: number, max: number): uPlot.Range.MinMax {
  const missing = LEAST_SECONDS - (max - min);
  return missing > 0
    ? [Math.max(0, min - missing / 2), Math.max(0, min - missing / 2) + LEAST_SECONDS]
    : [min, max];
}
const LEAST_SECONDS = 3;

function yScale(shown: Pick<Shown, "limits" | "logarithmic" | "atLeast">): uPlot.Scale {
  if (shown.logarithmic) return logScale((shown.limits ?? []).map((limit) => limit.value));
  return {
    range: (_, __, max) => {
      const seen = Math.max(shown.atLeast ?? 0, max ?? 0);
      // Includes the limit unless it would flatten the curves.
      const near = (shown.limits ?? []).filter((limit) => limit.value <= seen * 2.5);
      const top = Math.max(seen, ...near.map((limit) => limit.value));
      // Leaves room above for the names of the phases.
      return [0, top > 0 ? top * 1.18 : 1];
    },
  };
}

/** A logarithmic scale for all values and the limits near them, with a little room around. */
function logScale(limits: readonly number[]): uPlot.Scale {
  return {
    distr: 3,
    range: (_, min, max) => {
      // A limit far beyond would flatten the curves; it is shown at the edge instead.
      const near = limits.filter((limit) => limit <= (max ?? 0) * 30);
      const values = [min, max, ...near].filter((value) => value !== null && value > 0);
      if (values.length === 0) return [1, 1000];
      return [Math.min(...values) / 1.5, Math.max(...values) * 1.8];
    },
  };
}

/** Digits of the ticks of a logarithmic axis, and over how many powers of ten their names keep apart. */
const LOG_DIGITS = [
  [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], 0.65],
  [[1, 1.5, 2, 3, 5, 7], 1.75],
  [[1, 2, 5], 4.3],
  [[1], Number.POSITIVE_INFINITY],
] as const;

/** As many ticks as there is room for labels. */
function logTicks(min: number, max: number): number[] {
  const [digits] = LOG_DIGITS.find(([, powers]) => Math.log10(max / min) <= powers) ?? [[1]];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const digit of digits) {
      const tick = digit * 10 ** power;
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  if (ticks.length >= 3) return ticks;
  // Within less than one step of a power, even distances are good enough.
  return [0.05, 0.35, 0.65, 0.95].map((share) => min + share * (max - min));
}

/** 1, 2 and 5 times the powers of ten. */
export const WHOLE_STEPS = Array.from({ length: 13 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

function yAxis(shown: Pick<Shown, "format" | "logarithmic" | "whole">, colours: Colours): uPlot.Axis {
  return {
    ...axisLook(colours),
    size: 62,
    ...(shown.whole ? { incrs: WHOLE_STEPS } : {}),
    ...(shown.logarithmic
      ? {
          splits: (_: uPlot, __: number, min: number, max: number) => logTicks(min, max),
          filter: (_: uPlot, splits: number[]) => splits,
        }
      : {}),
    values: (_, splits) => splits.map((split) => (split === null ? "" : shown.format(split))),
  };
}

function axisLook(colours: Colours): uPlot.Axis {
  return {
    stroke: colours.muted,
    font: "12px system-ui, sans-serif",
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.grid, width: 1, size: 5 },
  };
}

/** A curve; without a cursor, its legend shows the peak. Single points between gaps are dots. */
function lineSeries(line: Line, format: Shown["format"], colours: Colours): uPlot.Series {
  const colour = colours[line.colour];
  const told = line.told ?? line.values;
  const known = told.filter((value): value is number => value !== null);
  const peak = known.length === 0 ? "no data" : `peak ${format(known.reduce((a, b) => Math.max(a, b)))}`;
  const bars = line.bars ? uPlot.paths.bars?.({ size: [0.9, 24], align: 0 }) : undefined;
  return {
    label: line.label,
    stroke: colour,
    width: line.bars ? 0 : 1.75,
    ...(line.dash ? { dash: line.dash } : {}),
    ...(line.fill || line.bars
      ? { fill: `color-mix(in srgb, ${colour} ${line.bars ? 100 : 14}%, transparent)` }
      : {}),
    ...(bars ? { paths: bars } : {}),
    points: bars ? { show: false } : { size: 4, fill: colour, filter: lonePoints },
    value: (_, __, ___, index) => (index === null ? peak : format(told[index])),
  };
}

/** Indices of values without neighbours. */
function lonePoints(plot: uPlot, series: number, show: boolean): number[] | null {
  if (show) return null;
  const values = plot.data[series] ?? [];
  const lone: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const missing = (at: number): boolean => values[at] === null || values[at] === undefined;
    if (!missing(index) && missing(index - 1) && missing(index + 1)) lone.push(index);
  }
  return lone;
}
