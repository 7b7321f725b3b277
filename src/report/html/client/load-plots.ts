// The plots of load, errors and the generator over time.
import type { PageData } from "../page-data.js";
import type { Redraws } from "./page.js";
import { type Line, mountTimePlot, type Shown } from "./plot.js";
import type { Colours } from "./theme.js";
import { formatMillis, formatNumber } from "./values.js";

/** Draws every plot of load that the page has a place for. */
export function mountLoadPlots(data: PageData, redraws: Redraws): void {
  for (const [name, plot] of Object.entries(loadPlots(data))) {
    const host = document.getElementById(`plot-${name}`);
    if (host) mountTimePlot(redraws, host, data, () => plot);
  }
}

/** By the name of their place. */
export function loadPlots(data: PageData): Readonly<Record<string, Shown>> {
  const { load, generator, generatorBoundMs } = data;
  return {
    users: {
      format: formatNumber,
      whole: true,
      lines: [
        { label: "live", values: load.usersLive, colour: "accent", fill: true },
        { label: "started", values: load.usersStarted, colour: "muted", dash: [5, 4] },
      ],
    },
    starts: {
      format: formatNumber,
      lines: [
        { label: "planned/s", values: load.planned, colour: "muted", dash: [5, 4] },
        { label: "made/s", values: load.made, colour: "accent" },
        { label: "dropped, sessions busy", values: load.droppedByTarget, colour: "bad" },
        { label: "dropped, too late", values: load.droppedByGenerator, colour: "warn" },
      ],
    },
    turns: {
      format: formatNumber,
      lines: [
        { label: "turns ended/s", values: load.turns, colour: "accent" },
        { label: "goodput/s", values: load.goodput, colour: "good", dash: [6, 3] },
      ],
    },
    "in-flight": {
      format: formatNumber,
      whole: true,
      lines: [{ label: "turns in flight", values: load.inFlight, colour: "second", fill: true }],
    },
    errors: { format: formatNumber, atLeast: 1, whole: true, lines: errorLines(data) },
    lag: {
      format: formatMillis,
      height: 180,
      lines: [
        { label: "send lag p99", values: generator.sendLag, colour: "accent" },
        { label: "loop delay p99", values: generator.loopDelay, colour: "second", dash: [6, 3] },
      ],
      limits: [{ value: generatorBoundMs, text: `bound ${formatMillis(generatorBoundMs)}` }],
    },
    cpu: {
      format: (value) => (value === null || value === undefined ? "–" : `${value.toFixed(2)}`),
      height: 180,
      atLeast: 1,
      lines: [{ label: "cores, busiest worker", values: generator.cpu, colour: "third", fill: true }],
    },
    rss: {
      format: (value) => `${formatNumber(value)}${value === null || value === undefined ? "" : " MB"}`,
      height: 180,
      lines: [{ label: "memory", values: generator.rss, colour: "fourth", fill: true }],
    },
    gc: {
      format: formatMillis,
      height: 180,
      lines: [{ label: "garbage collection", values: generator.gc, colour: "third", fill: true }],
    },
    wait: {
      format: formatMillis,
      height: 180,
      lines: [{ label: "ready, without a core", values: generator.wait, colour: "warn", fill: true }],
    },
    ...Object.fromEntries(
      Object.entries(data.server).map(([name, values]) => [
        `server-${name}`,
        {
          format: formatServer,
          height: 180,
          lines: [{ label: name, values, colour: "second" as const, fill: true }],
        },
      ]),
    ),
    buffered: {
      format: (value) => `${formatNumber(value)}${value === null || value === undefined ? "" : " B"}`,
      height: 180,
      whole: true,
      lines: [{ label: "unsent", values: generator.buffered, colour: "second", fill: true }],
    },
  };
}

/** Bytes, seconds or counts, with four digits and a factor of thousands. */
function formatServer(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  for (const [one, letter] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ] as const)
    if (size >= one) return `${Number((value / (one === 1e4 ? 1e3 : one)).toPrecision(4))} ${letter}`;
  return String(Number(value.toPrecision(4)));
}

/** Stacked bars, one colour per reason, the most frequent on top. */
function errorLines(data: PageData): Line[] {
  const colours: (keyof Colours)[] = ["bad", "warn", "third", "fourth", "second", "accent"];
  const total = (values: Line["values"]): number =>
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const sorted = Object.entries(data.errors).sort((a, b) => total(b[1]) - total(a[1]));
  if (sorted.length === 0) return [{ label: "errors", values: data.seconds.map(() => 0), colour: "good" }];
  return sorted.map(([label, told], index) => ({
    label,
    told,
    values: told.map((_, at) => sorted.slice(index).reduce((sum, [, values]) => sum + (values[at] ?? 0), 0)),
    colour: colours[index % colours.length] ?? "bad",
    bars: true,
  }));
}
