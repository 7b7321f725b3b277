// Renders a comparison as one offline page: the verdict, every difference with its interval, and both sides' curves.
import type {
  ChangeVerdict,
  ComparisonReport,
  PercentileChange,
  ShareChange,
} from "../../model/report/comparison.js";
import { pageDocument } from "../html/document.js";
import { html, type Markup, NOTHING } from "../html/markup.js";
import type { ComparedCurves, ComparisonPageData } from "../html/page-data.js";
import {
  badge,
  dotted,
  facts,
  htmlTable,
  numbers,
  plotPlace,
  type Section,
  section,
  tableOr,
  verdictBanner,
} from "../html/sections/section.js";
import { lookOf, marked, type Tone } from "../text/states.js";
import { formatStart } from "../text/wording.js";
import type { Side } from "./build.js";
import type { RunSamples } from "./samples.js";
import {
  CHANGE_COLUMNS,
  CHANGE_MARK,
  changeCells,
  changeNote,
  promptChangeText,
  tellsChanges,
} from "./wording.js";

const TONE = {
  worse: "bad",
  same: "good",
  better: "good",
  undecided: "warn",
} as const satisfies Record<ChangeVerdict, Tone>;

export function renderComparisonHtml(report: ComparisonReport, baseline: Side, candidate: Side): string {
  const sections = [
    changesSection(report),
    curvesSection(),
    differencesSection(report),
    sidesSection(report),
  ];
  const title = `${report.scenario} against its baseline`;
  const words = html`<p class="summary">${report.summary}</p>
${report.reasons.map((reason) => html`<p>${reason}</p>`)}`;
  return pageDocument({
    page: "comparison",
    title: `${marked(report.verdict)} · ${title}`,
    badge: lookOf(report.verdict),
    header: verdictBanner(report.verdict, title, words),
    sections,
    footer: html`${report.tool.version}`,
    data: comparisonData(baseline.runs[0], candidate.runs[0]),
  });
}

function changesSection(report: ComparisonReport): Section {
  const { percentiles, shares, confidence } = report;
  const caption = `Each metric on both sides. The interval holds the true difference with ${Math.round(confidence * 100)} % confidence; samples of the same moment are treated as dependent. Metrics without a threshold in the scenario are shown, but not judged.`;
  const columns = ["metric", ...numbers(...CHANGE_COLUMNS.slice(1)), "verdict"];
  const rows = [...percentiles, ...shares].map((change) => [
    ...changeCells(change).map((cell, column) => (column === 0 ? dotted(cell) : cell)),
    verdictCell(change, report),
  ]);
  return section("changes", "Differences", "Differences", htmlTable(caption, columns, rows));
}

function verdictCell(change: PercentileChange | ShareChange, report: ComparisonReport): Markup {
  if (!change.judged) return html`<span class="quiet">not judged</span>`;
  const note = changeNote(change, report);
  const word = tellsChanges(report)
    ? badge(TONE[change.verdict], CHANGE_MARK[change.verdict], change.verdict)
    : html`<span class="quiet">says nothing</span>`;
  return html`${word}${note === "" ? NOTHING : html`<span class="meaning">${note}</span>`}`;
}

function curvesSection(): Section {
  return section(
    "curves",
    "Both sides",
    "Curves",
    html`<div id="comparison-controls" class="controls"></div>
${plotPlace("spectra", "Percentiles", "how slow the slowest share was, on both sides")}
${plotPlace("timelines", "Seconds of the hold", "each side from the start of its own hold")}`,
  );
}

function differencesSection({ differences, prompts = [] }: ComparisonReport): Section {
  const rows = differences.map((one) => [
    one.what,
    one.baseline,
    one.candidate,
    one.forbids ? badge("bad", "✗", "forbids a comparison") : badge("warn", "!", "may explain a difference"),
  ]);
  const circumstances = tableOr(
    "Nothing: scenario, load, target, machine and versions are the same.",
    "What differs apart from the numbers",
    ["what", "baseline", "candidate", "weight"],
    rows,
  );
  const body = html`${circumstances}${prompts.map((change) => html`<p>${promptChangeText(change)}</p>`)}`;
  return section("differs", "What else differs", "Differs", body);
}

function sidesSection({ baseline, candidate }: ComparisonReport): Section {
  const runs = (side: ComparisonReport["baseline"]): string =>
    side.runs.map((run) => `${run.runId} (${formatStart(run.startedAt)}, ${run.verdict})`).join(", ");
  return section(
    "sides",
    "Runs",
    "Runs",
    facts([
      ["baseline", `${baseline.name}: ${runs(baseline)}`],
      ["candidate", `${candidate.name}: ${runs(candidate)}`],
    ]),
  );
}

/** The curves of the first run of each side. */
function comparisonData(baseline: RunSamples, candidate: RunSamples): ComparisonPageData {
  const metrics = [...baseline.curves].flatMap(([metric, before]) => {
    const after = candidate.curves.get(metric);
    return after ? [{ metric, before, after }] : [];
  });
  metrics.sort((a, b) => (a.metric < b.metric ? -1 : 1));
  const length = Math.max(
    0,
    ...metrics.flatMap(({ before, after }) => [before.p50.length, after.p50.length]),
  );
  return {
    seconds: Array.from({ length }, (_, second) => second),
    metrics: metrics.map(({ metric, before, after }) => ({
      metric,
      baseline: asLong(before, length),
      candidate: asLong(after, length),
    })),
  };
}

/** Pads the curves of the shorter hold. */
function asLong({ spectrum, p50, p95 }: ComparedCurves, length: number): ComparedCurves {
  const filled = (values: ComparedCurves["p50"]): (number | null)[] =>
    Array.from({ length }, (_, index) => values[index] ?? null);
  return { spectrum, p50: filled(p50), p95: filled(p95) };
}
