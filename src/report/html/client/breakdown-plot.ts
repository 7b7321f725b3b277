// The plot of a metric's percentiles by the values of a label, with a choice of label, metric and scale.
import type uPlot from "uplot";
import type { BreakdownCurves, PageData } from "../page-data.js";
import { dropDown, scaleChoice } from "./dom.js";
import type { Redraws } from "./page.js";
import { type Built, type Line, type LinePlot, limitMarks, linePlot, mountPlot, xScale } from "./plot.js";
import type { Colours } from "./theme.js";
import { formatMillis, formatNumber } from "./values.js";

/** The metric shown first. */
const firstMetric = (label: string): string => (label === "tool" ? "tool.duration" : "agent.response");

const BARS = [
  ["p99", "second"],
  ["p95", "third"],
  ["p50", "accent"],
] as const;

/** Draws the breakdown, if there is one. */
export function mountBreakdownPlot({ breakdown, limitsMs }: PageData, redraws: Redraws): void {
  const host = document.getElementById("plot-breakdown");
  const controls = document.getElementById("breakdown-controls");
  const ofLabel = (label: string): readonly BreakdownCurves[] =>
    breakdown.filter((one) => one.label === label);
  const preferred = (label: string, metrics: readonly string[]): BreakdownCurves | undefined => {
    const all = ofLabel(label);
    const known = metrics.flatMap((metric) => all.filter((one) => one.metric === metric));
    return known[0] ?? all[0];
  };
  const labels = [...new Set(breakdown.map(({ label }) => label))];
  const several = (label: string): boolean => ofLabel(label).some(({ values }) => values.length > 1);
  const [first = ""] = ["tool", ...labels].filter(several).concat(labels);
  let shown = preferred(first, [firstMetric(first)]);
  if (!host || !controls || !shown) return;
  let logarithmic = false;
  const redraw = mountPlot(redraws, host, (colours, width) =>
    barsOf(shown, limitsMs, logarithmic, colours, width),
  );
  const metricChoice = (chosen: BreakdownCurves): HTMLElement => {
    const metrics = ofLabel(chosen.label).map(({ metric }) => metric);
    return dropDown("Metric", metrics, chosen.metric, (value) => {
      shown = preferred(chosen.label, [value]);
      redraw();
    });
  };
  let metric = metricChoice(shown);
  controls.append(
    dropDown("By", labels, shown.label, (value) => {
      // Keeps the metric if the other label has it, too.
      const next = preferred(value, [shown?.metric ?? "", firstMetric(value)]);
      if (!next) return;
      shown = next;
      const other = metricChoice(next);
      metric.replaceWith(other);
      metric = other;
      redraw();
    }),
    metric,
    scaleChoice(logarithmic, (chosen) => {
      logarithmic = chosen;
      redraw();
    }),
  );
}

function barsOf(
  curves: BreakdownCurves | undefined,
  limitsMs: PageData["limitsMs"],
  logarithmic: boolean,
  colours: Colours,
  width: number,
): Built {
  const names = curves?.values ?? [];
  const limits = curves?.time ? limitMarks(limitsMs, curves.metric) : [];
  // The tallest first, then the others over it.
  const lines: readonly Line[] = BARS.map(([label, colour]) => ({
    ...{ label, colour, told: curves?.[label] ?? [], bars: true },
    values: (curves?.[label] ?? []).map((value) => (logarithmic && value === 0 ? 0.001 : value)),
  }));
  const room = (width - 140) / Math.max(1, names.length);
  const turned = names.some((name) => shortened(name).length * 7 + 10 > room);
  const plot: LinePlot = {
    ...{ lines, logarithmic, limits, height: 300, padding: [20, turned ? 76 : 26, 0, 0] },
    format: curves?.time === false ? formatNumber : formatMillis,
    beyond: names.flatMap((_, index) => (curves?.p99[index] === null ? [index] : [])),
    xs: names.map((_, index) => index),
    x: {
      label: curves?.label ?? "",
      scale: xScale(-0.6, names.length * (limits.length > 0 ? 1.1 : 1) - 0.4),
      axis: namesAxis(names, turned ? room : undefined),
      told: (index) => (index === null ? `${names.length} in all` : (names[index] ?? "")),
    },
  };
  return linePlot(plot, colours, width);
}

/** Names below their bars; turned where `room` is too narrow for them, and left out where even then they do not fit. */
function namesAxis(names: readonly string[], room: number | undefined): uPlot.Axis {
  const every = room === undefined ? 1 : Math.max(1, Math.ceil(18 / room));
  return {
    splits: () => names.flatMap((_, index) => (index % every === 0 ? [index] : [])),
    values: (_, splits) => splits.map((index) => shortened(names[index] ?? "")),
    ...(room === undefined ? {} : { rotate: -50, size: 110 }),
  };
}

const shortened = (name: string): string => (name.length > 18 ? `${name.slice(0, 17)}…` : name);
