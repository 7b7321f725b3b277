// Renders the page over all runs of a folder: trends, filters, and every run with its verdict and links.
import type { HistoryEntry } from "../../model/report/history.js";
import { formatCount, formatUs } from "../../support/units.js";
import { pageDocument } from "../html/document.js";
import { html, type Markup } from "../html/markup.js";
import type { HistoryPageData } from "../html/page-data.js";
import { type CardRow, cardTable, facts, plotPlace, section, stateBadge } from "../html/sections/section.js";
import { lookOf, toneOf } from "../text/states.js";
import { formatStart, plural } from "../text/wording.js";

const HISTORY_STYLES = `
.history-head { padding: 16px 24px; }
.history-head h1 { margin: 0 0 10px; }
main > header .history-head .facts { padding: 0; }
#filters { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; }
#filters input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 7px; padding: 4px 9px; min-width: 0; }
.history tbody th a { font-weight: 600; }
.history tbody th { min-width: 12em; }
.history .why { min-width: 16em; max-width: 30em; overflow-wrap: anywhere; }
.history tr.good .why { color: var(--muted); }
.history time { white-space: nowrap; }
.history tr[hidden] { display: none; }
@media print { #filters { display: none; } }
`;

export interface History {
  /** Newest first. */
  readonly runs: readonly HistoryEntry[];
  /** Number of all runs; older ones may be left out. */
  readonly all: number;
  readonly version: string;
}

/** The page makes no network requests; its links lead to the folders next to it. */
export function renderHistoryHtml({ runs, all, version }: History): string {
  const [newest] = runs;
  const look = lookOf(newest?.verdict ?? "not-run");
  return pageDocument({
    page: "history",
    title: plural(all, "run"),
    badge: { ...look, word: newest ? `newest: ${newest.verdict}` : "no runs" },
    header: html`<div class="history-head"><h1>${plural(all, "run")}</h1>${historyFacts(runs, all)}</div>`,
    lead: html`<div id="filters" class="card controls" role="search" aria-label="Which runs"></div>`,
    sections: [trendSection(), runsSection(runs)],
    footer: html`${version} · redrawn after each run, or by <code>gp-load history</code>`,
    style: HISTORY_STYLES,
    data: historyData(runs),
  });
}

function historyFacts(runs: readonly HistoryEntry[], all: number): Markup {
  const count = (verdict: HistoryEntry["verdict"]): string =>
    formatCount(runs.filter((run) => run.verdict === verdict).length);
  const names = new Set(runs.map(({ scenario }) => scenario)).size;
  const left = all - runs.length;
  return facts([
    ["passed", count("PASS")],
    ["failed", count("FAIL")],
    ["invalid", count("INVALID")],
    ["scenarios", formatCount(names)],
    ...(runs[0] ? [["newest", formatStart(runs[0].startedAt)] as const] : []),
    ...(left > 0 ? [["older, not shown", formatCount(left)] as const] : []),
  ]);
}

function trendSection() {
  return section(
    "trend",
    "Trend",
    "Trend",
    html`<div id="trend-controls" class="controls"></div>
${plotPlace("trend", "Percentiles from run to run", "of the hold, oldest on the left: p50, p95 and p99 where all runs are of one scenario, target and load; otherwise p95 of the five most frequent kinds, one line each; INVALID runs are left out")}
<p id="trend-none" class="quiet" hidden>Nothing to draw: none of the selected runs measured it.</p>`,
  );
}

const COLUMNS = [
  ["verdict"],
  ["scenario"],
  ["started", "wide"],
  ["why", "why wide"],
  ...(["users", "turns", "goodput", "response p95", "duration"] as const).map(
    (name) => [name, "number"] as const,
  ),
] as const;

function shownCount(runs: readonly HistoryEntry[]): Markup {
  return html`<span id="shown-count">${plural(runs.length, "run")}</span>, newest first.`;
}

function runsSection(runs: readonly HistoryEntry[]) {
  const body =
    runs.length === 0
      ? html`<p class="quiet">No runs yet.</p>`
      : cardTable("history", shownCount(runs), COLUMNS, runs.map(runRow));
  return section("runs", "Runs", "Runs", body);
}

function runRow(run: HistoryEntry): CardRow {
  const p95 = run.metrics["agent.response"]?.p95;
  // A folder may have any name: encoded, it is a single segment of the URL.
  return {
    tone: toneOf(run.verdict),
    cells: [
      stateBadge(run.verdict),
      html`<a href="${encodeURIComponent(run.folder)}/report.html">${run.scenario}</a><span class="meaning">${run.target} · ${run.load} · seed ${run.seed}</span>`,
      html`<time datetime="${run.startedAt}">${formatStart(run.startedAt)}</time>`,
      run.summary,
      formatCount(run.users),
      formatCount(run.turns),
      run.goodput === null ? "–" : `${(run.goodput * 100).toFixed(2)} %`,
      p95 === null || p95 === undefined ? "–" : formatUs(Math.round(p95 * 1000)),
      formatUs(run.durationMs * 1000),
    ],
  };
}

/** In the order of the rows. */
function historyData(runs: readonly HistoryEntry[]): HistoryPageData {
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  return {
    metrics,
    runs: runs.map(({ scenario, target, load, tags, verdict, startedAt, goodput, metrics: own }) => ({
      ...{ scenario, target, load, tags, verdict, startedAt, goodput },
      values: metrics.map((metric) => {
        const one = own[metric];
        return one ? [one.p50, one.p95, one.p99] : null;
      }),
    })),
  };
}
