// Puts the page's script together: the functions of the client modules as one piece of text.
import * as bands from "./client/bands.js";
import * as capacity from "./client/capacity.js";
import * as comparison from "./client/comparison.js";
import * as dom from "./client/dom.js";
import * as history from "./client/history.js";
import * as latency from "./client/latency-plot.js";
import * as load from "./client/load-plots.js";
import * as plot from "./client/plot.js";
import * as spectrum from "./client/spectrum-plot.js";
import * as start from "./client/start.js";
import * as theme from "./client/theme.js";
import * as values from "./client/values.js";
import * as waterfall from "./client/waterfall.js";
import * as waterfallList from "./client/waterfall-list.js";

const MODULES = [
  bands,
  capacity,
  comparison,
  dom,
  history,
  latency,
  load,
  plot,
  spectrum,
  start,
  theme,
  values,
  waterfall,
  waterfallList,
];

/**
 * The client script. Client modules export functions only, import nothing but types, and name what they use of
 * each other with `declare const`: so their functions, as the engine prints them, make one script without a
 * bundler, compiled or run from source alike.
 * @param start the function that starts the page: of a run's report, of a comparison, of a capacity search, or of a folder's history
 */
export function clientScript(
  start: "startPage" | "startComparison" | "startCapacity" | "startHistory" = "startPage",
): string {
  return `(() => {\n"use strict";\nconst UPlot = uPlot;\n${functionsOf(MODULES)}\n${start}();\n})();`;
}

/** The script of a page that has nothing to draw: only the button of the theme. */
export function themeScript(): string {
  return `(() => {\n"use strict";\n${functionsOf([theme])}\nwatchTheme(() => undefined);\n})();`;
}

function functionsOf(modules: readonly Readonly<Record<string, unknown>>[]): string {
  const functions = modules.flatMap((module) => Object.values(module));
  const texts = functions.map((one) => {
    if (typeof one !== "function") throw new TypeError("a client module may export functions only");
    return one.toString();
  });
  return texts.join("\n");
}
