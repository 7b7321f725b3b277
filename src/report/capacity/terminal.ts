// Renders the result of a capacity search for a terminal or a log.
import { Chalk } from "chalk";
import type { CapacityReport } from "../../model/report/capacity.js";
import { alignColumns } from "../../support/terminal-text.js";
import { oneLine } from "../../support/text.js";
import { formatUs } from "../../support/units.js";
import { marked } from "../text/states.js";
import { byLoad, capacityTone, PROBE_COLUMNS, probeCells } from "./wording.js";

export function renderCapacityTerminal(
  report: CapacityReport,
  { colour, directory }: { readonly colour: boolean; readonly directory: string },
): string {
  const paint = new Chalk({ level: colour ? 1 : 0 });
  const plain = (text: string): string => text;
  const painter = { good: paint.green, bad: paint.red, warn: paint.yellow, quiet: plain }[
    capacityTone(report)
  ];
  const probes = byLoad(report);
  const lines = alignColumns(
    [PROBE_COLUMNS, ...probes.map(probeCells)],
    (column) => column !== 1 && column !== 2,
  );
  return `${[
    `${painter(paint.bold(marked(report.verdict)))}  ${paint.bold(oneLine(report.scenario))}  ${oneLine(report.summary)}`,
    paint.dim(
      `  target ${oneLine(report.target)} · ${probes.length} probes · ${formatUs(report.durationMs * 1000)}`,
    ),
    "",
    ...lines.map((line, index) => {
      const shown = `  ${line}`;
      if (index === 0) return paint.dim(shown);
      return probes[index - 1]?.outcome === "held" ? shown : painter(shown);
    }),
    "",
    `  report: ${directory}/capacity.html`,
  ].join("\n")}\n`;
}
