// Renders the result of a capacity search as one offline page: the number, the curve, and every probe.
import type { CapacityReport } from "../../model/report/capacity.js";
import { formatCount, formatUs } from "../../support/units.js";
import { pageDocument } from "../html/document.js";
import { type Content, html, type Markup } from "../html/markup.js";
import type { CapacityPageData } from "../html/page-data.js";
import { dotted, facts, htmlTable, plotPlace, section, verdictBanner } from "../html/sections/section.js";
import { lookOf, markOf } from "../text/states.js";
import { formatStart } from "../text/wording.js";
import { generatorWasLimit } from "./build.js";
import { byLoad, capacityTone, PROBE_COLUMNS, probeCells } from "./wording.js";

export function renderCapacityHtml(report: CapacityReport): string {
  const sections = [
    section(
      "curve",
      "Against the load",
      "Curve",
      html`${plotPlace("rates", "Throughput", "turns and good turns per second, against the load")}
${plotPlace("latencies", "Latency", "percentiles of the response, against the load")}`,
    ),
    section("probes", "Probes", "Probes", probesTable(report)),
  ];
  return pageDocument({
    page: "capacity",
    title: `${markOf(report.verdict)} capacity of ${report.scenario}`,
    badge: { ...lookOf(report.verdict), tone: capacityTone(report) },
    header: banner(report),
    sections,
    footer: html`${report.tool.version}`,
    data: capacityPageData(report),
  });
}

function banner(report: CapacityReport): Markup {
  const count = (load: number | null): string =>
    load === null ? "–" : `${formatCount(load)} ${report.unit}`;
  const words = html`<p class="summary">${report.summary}</p>`;
  return html`${verdictBanner(report.verdict, `Capacity of ${report.scenario}`, words, capacityTone(report))}
${facts([
  ["holds", count(report.holds)],
  [generatorWasLimit(report) ? "the generator's limit" : "breaks", count(report.breaks)],
  ["required", count(report.required)],
  ["bound by", report.boundBy.length === 0 ? "–" : dotted(report.boundBy.join(", "))],
  ["target", report.target],
  ["started", formatStart(report.startedAt)],
  ["duration", formatUs(report.durationMs * 1000)],
])}`;
}

function probesTable(report: CapacityReport): Markup {
  const columns = [
    ...PROBE_COLUMNS.map((name) =>
      name === "load" || name === "purpose" || name === "outcome" ? name : { number: name },
    ),
    "why",
    "report",
  ];
  const rows = byLoad(report).map((probe): readonly Content[] => [
    ...probeCells(probe),
    probe.summary,
    html`<a href="${encodeURIComponent(probe.folder)}/report.html">report</a>`,
  ]);
  return htmlTable(
    "Every load tried, in order of load: what it achieved, and whether it held.",
    columns,
    rows,
  );
}

function capacityPageData(report: CapacityReport): CapacityPageData {
  const probes = byLoad(report);
  return {
    unit: report.unit,
    loads: probes.map(({ load }) => load),
    throughput: probes.map(({ throughput }) => throughput),
    goodput: probes.map(({ goodput }) => goodput),
    p50: probes.map(({ responseP50 }) => responseP50),
    p95: probes.map(({ responseP95 }) => responseP95),
    p99: probes.map(({ responseP99 }) => responseP99),
    holds: report.holds,
    breaks: report.breaks,
  };
}
