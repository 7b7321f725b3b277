// Renders the page over all runs of a folder: trends, filters, and every run with its verdict and links.
import type { HistoryEntry } from "../../model/report/history.js";
import { formatCount, formatUs } from "../../support/units.js";
import { pageDocument, sectionMarkup, topBar } from "../html/document.js";
import { html, type Markup } from "../html/markup.js";
import { pageCode } from "../html/page-code.js";
import type { HistoryPageData } from "../html/page-data.js";
import { VERDICT_TONE } from "../html/sections/banner.js";
import { badge, facts, plotPlace, section } from "../html/sections/section.js";
import { STYLES } from "../html/styles/index.js";
import { formatStart, plural, VERDICT_MARK } from "../text/wording.js";

const HISTORY_STYLES = `
.history-head { padding: 16px 24px; }
.history-head h1 { margin: 0 0 10px; }
main > header .history-head .facts { padding: 0; }
#filters { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; }
#filters input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 7px; padding: 4px 9px; min-width: 0; }
.history td, .history th { padding-right: 16px; }
.history thead th { vertical-align: bottom; }
.history tbody th a { font-weight: 600; }
.history .meaning { display: block; font-size: 12.5px; color: var(--muted); font-weight: 400; }
.history tbody th { min-width: 12em; }
.history .why { min-width: 16em; max-width: 30em; overflow-wrap: anywhere; }
.history tr.good .why { color: var(--muted); }
.history time { white-space: nowrap; }
.history tr[hidden] { display: none; }
@media print { #filters { display: none; } }
@media screen and (max-width: 900px) {
  .history, .history tbody, .history caption { display: block; }
  .history thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .history tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 12px; padding: 14px 0; border-bottom: 1px solid var(--edge); }
  .history tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .scroll .history tbody th, .scroll .history tbody td { display: block; border: 0; padding: 0; text-align: left; width: auto; min-width: 0; max-width: none; white-space: normal; }
  .history tbody th, .history tbody td:first-child, .history .why, .history td[data-label="started"] { grid-column: 1 / -1; }
  .history td[data-label]::before { content: attr(data-label); display: block; font-size: 11.5px; color: var(--muted); font-weight: 400; }
}
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
  const code = pageCode("history");
  const [newest] = runs;
  const tone = newest ? VERDICT_TONE[newest.verdict] : "quiet";
  const mark = newest ? VERDICT_MARK[newest.verdict] : "–";
  const sections = [trendSection(), runsSection(runs)];
  return pageDocument({
    title: `${plural(all, "run")} · gp-load`,
    top: topBar({ tone, mark, word: newest ? `newest: ${newest.verdict}` : "no runs" }, sections),
    main: html`<header><div class="history-head"><h1>${plural(all, "run")}</h1>${historyFacts(runs, all)}</div></header>
<div id="filters" class="card controls" role="search" aria-label="Which runs"></div>
${sections.map(sectionMarkup)}`,
    footer: html`gp-load ${version} · redrawn after each run, or by <code>gp-load history</code>`,
    style: `${code.css}\n${STYLES}\n${HISTORY_STYLES}`,
    script: code.script,
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

function runsSection(runs: readonly HistoryEntry[]) {
  const body =
    runs.length === 0
      ? html`<p class="quiet">No runs yet.</p>`
      : html`<div class="scroll"><table class="history">
<caption><span id="shown-count">${plural(runs.length, "run")}</span>, newest first.</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">scenario</th><th scope="col">started</th><th scope="col">why</th><th scope="col" class="number">users</th><th scope="col" class="number">turns</th><th scope="col" class="number">goodput</th><th scope="col" class="number">response p95</th><th scope="col" class="number">duration</th></tr></thead>
<tbody>${runs.map(runRow)}</tbody></table></div>`;
  return section("runs", "Runs", "Runs", body);
}

function runRow(run: HistoryEntry): Markup {
  const p95 = run.metrics["agent.response"]?.p95;
  // A folder may have any name: encoded, it is a single segment of the URL.
  return html`<tr class="${VERDICT_TONE[run.verdict]}">
<td>${badge(VERDICT_TONE[run.verdict], VERDICT_MARK[run.verdict], run.verdict)}</td>
<th scope="row"><a href="${encodeURIComponent(run.folder)}/report.html">${run.scenario}</a><span class="meaning">${run.target} · ${run.load} · seed ${run.seed}</span></th>
<td data-label="started"><time datetime="${run.startedAt}">${formatStart(run.startedAt)}</time></td>
<td data-label="why" class="why">${run.summary}</td>
<td data-label="users" class="number">${formatCount(run.users)}</td>
<td data-label="turns" class="number">${formatCount(run.turns)}</td>
<td data-label="goodput" class="number">${run.goodput === null ? "–" : `${(run.goodput * 100).toFixed(2)} %`}</td>
<td data-label="response p95" class="number">${p95 === null || p95 === undefined ? "–" : formatUs(Math.round(p95 * 1000))}</td>
<td data-label="duration" class="number">${formatUs(run.durationMs * 1000)}</td></tr>
`;
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
