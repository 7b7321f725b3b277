// The section of the target's own metrics: a table for the hold and a plot each.
import type { RunReport } from "../../../model/report/report.js";
import { formatCount } from "../../../support/units.js";
import { formatServer } from "../../text/wording.js";
import { html } from "../markup.js";
import { htmlTable, numbers, plotPlace, type Section, section } from "./section.js";

const FIGURES = ["min", "mean", "p50", "p95", "p99", "max"] as const;

/** No section if the target is not asked for metrics. */
export function serverSection({ server = {}, timeline }: RunReport): readonly Section[] {
  const all = Object.entries(server);
  if (all.length === 0) return [];
  const table = htmlTable(
    "What the target reported about itself in the hold, one value per second; for counters, their growth per second",
    ["server", ...numbers("seconds", "without a value", ...FIGURES), "why without"],
    all.map(([name, report]) => [
      name,
      formatCount(report.seconds),
      formatCount(report.missing),
      ...FIGURES.map((figure) => formatServer(report.unit, report[figure])),
      report.why ?? "–",
    ]),
  );
  const names = new Set(timeline.flatMap((point) => Object.keys(point.server ?? {})));
  const plots = all.flatMap(([name, { unit }]) =>
    names.has(name)
      ? [
          plotPlace(
            `server-${name}`,
            name,
            `As reported by the target each second${unit === "number" ? "" : `, ${unit}`}.`,
          ),
        ]
      : [],
  );
  const drawn = plots.length > 0 ? html`<div class="plots three">${plots}</div>` : undefined;
  return [section("server", "The target's own figures", "Server", html`${drawn}${table}`)];
}
