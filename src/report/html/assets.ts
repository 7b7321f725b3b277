// Reads the plotting library's files, to be put into the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface PlotLibrary {
  readonly script: string;
  readonly css: string;
}

let known: PlotLibrary | undefined;

/** uPlot's script (it defines the global `uPlot`) and styles, from wherever npm installed it. Read once. */
export function plotLibrary(): PlotLibrary {
  if (known) return known;
  const require = createRequire(import.meta.url);
  // Its main file lies beside the two that are wanted.
  const folder = dirname(require.resolve("uplot"));
  known = {
    script: readFileSync(join(folder, "uPlot.iife.min.js"), "utf8"),
    css: readFileSync(join(folder, "uPlot.min.css"), "utf8"),
  };
  return known;
}
