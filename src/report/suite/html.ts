// Renders index.html: one offline page over all scenarios, with links to the report of each.
import type { SuiteReport, SuiteRun } from "../../model/report/suite.js";
import { formatCount, formatUs } from "../../support/units.js";
import { pageDocument, topBar } from "../html/document.js";
import { html, type Markup } from "../html/markup.js";
import { pageCode } from "../html/page-code.js";
import { VERDICT_TONE } from "../html/sections/banner.js";
import { badge, facts } from "../html/sections/section.js";
import { STYLES } from "../html/styles/index.js";
import { formatStart, VERDICT_MARK } from "../text/wording.js";
import { linkTo, RESULT_MARK, RESULT_TONE, RESULT_WORD, runName } from "./wording.js";

const SUITE_STYLES = `
.runs td, .runs th { padding-right: 16px; }
.runs thead th { vertical-align: bottom; }
.runs .name { font-weight: 600; }
.runs .meaning { display: block; font-size: 12.5px; color: var(--muted); font-weight: 400; margin-bottom: 3px; }
.runs tbody th { min-width: 16em; max-width: 26em; }
.runs .why { width: 44%; min-width: 16em; }
.runs .why ul { margin: 0; padding-left: 17px; }
.runs .why li { margin-bottom: 2px; }
.runs tr.bad .why li:first-child { color: var(--bad); font-weight: 550; }
.runs tr.warn .why li:first-child { color: var(--warn); font-weight: 550; }
.runs tr.quiet .why { color: var(--muted); }
.runs .files { white-space: nowrap; }
@media screen and (max-width: 900px) {
  .runs, .runs tbody, .runs caption { display: block; }
  .runs thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .runs tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 12px; padding: 14px 0; border-bottom: 1px solid var(--edge); }
  .runs tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .scroll .runs tbody th, .scroll .runs tbody td { display: block; border: 0; padding: 0; text-align: left; width: auto; min-width: 0; max-width: none; white-space: normal; }
  .runs tbody th, .runs tbody td:first-child, .runs .why, .runs .files { grid-column: 1 / -1; }
  .runs td[data-label]::before { content: attr(data-label); display: block; font-size: 11.5px; color: var(--muted); font-weight: 400; }
}
`;

/** The page makes no network requests; its links lead to the folders next to it. */
export function renderSuiteHtml(suite: SuiteReport): string {
  const { verdict } = suite;
  return pageDocument({
    title: `${VERDICT_MARK[verdict]} ${verdict} · ${suite.summary} · gp-load`,
    top: topBar({ tone: VERDICT_TONE[verdict], mark: VERDICT_MARK[verdict], word: verdict }, []),
    main: html`<header>${banner(suite)}</header>
<section class="card" id="runs" aria-labelledby="h-runs"><h2 id="h-runs">Scenarios</h2>
${runsTable(suite.runs)}</section>`,
    footer: html`gp-load ${suite.tool.version} · exit code ${suite.exitCode} · also here: <a href="junit.xml">junit.xml</a>, <a href="summary.md">summary.md</a>, <a href="suite.json">suite.json</a>`,
    style: `${STYLES}\n${SUITE_STYLES}`,
    script: pageCode("theme").script,
  });
}

function banner({ verdict, summary, counts, runs, ...suite }: SuiteReport): Markup {
  const turns = runs.reduce((sum, run) => sum + (run.turns ?? 0), 0);
  return html`<div class="banner ${VERDICT_TONE[verdict]}">
<p class="verdict"><span aria-hidden="true">${VERDICT_MARK[verdict]}</span> ${verdict}</p>
<div class="banner-text"><h1>${summary}</h1>
<p class="quiet">${targetsInWords(runs)}</p></div>
</div>
${facts([
  ["passed", formatCount(counts.passed)],
  ["failed", formatCount(counts.failed)],
  ["invalid", formatCount(counts.invalid)],
  ["not run", formatCount(counts.notRun)],
  ["turns", formatCount(turns)],
  ["started", html`<time datetime="${suite.startedAt}">${formatStart(suite.startedAt)}</time>`],
  ["duration", formatUs(suite.durationMs * 1000)],
])}`;
}

function targetsInWords(runs: readonly SuiteRun[]): string {
  const targets = [...new Set(runs.map(({ target }) => target))];
  return targets.length === 0 ? "no scenario" : `on ${targets.join(", ")}`;
}

function runsTable(runs: readonly SuiteRun[]): Markup {
  return html`<div class="scroll"><table class="runs">
<caption>Scenarios in the order in which they ran: verdict, why, and report.</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">scenario</th><th scope="col">why</th><th scope="col" class="number">turns</th><th scope="col" class="number">duration</th><th scope="col" class="number">not checked</th><th scope="col">files</th></tr></thead>
<tbody>${runs.map(runRow)}</tbody></table></div>`;
}

function runRow(run: SuiteRun): Markup {
  const report = linkTo(run, "report.html");
  const name = report === undefined ? html`${runName(run)}` : html`<a href="${report}">${runName(run)}</a>`;
  const tags = run.tags.map((tag) => html`<span class="tag">${tag}</span> `);
  return html`<tr class="${RESULT_TONE[run.result]}">
<td>${badge(RESULT_TONE[run.result], RESULT_MARK[run.result], RESULT_WORD[run.result])}</td>
<th scope="row"><span class="name">${name}</span><span class="meaning">${run.description}</span>${tags}</th>
<td data-label="why" class="why">${whyList(run)}</td>
<td data-label="turns" class="number">${run.turns === null ? "–" : formatCount(run.turns)}</td>
<td data-label="duration" class="number">${run.durationMs === null ? "–" : formatUs(run.durationMs * 1000)}</td>
<td data-label="not checked" class="number">${run.notChecked === null ? "–" : formatCount(run.notChecked)}</td>
<td data-label="files" class="files">${fileLinks(run)}</td></tr>
`;
}

function whyList({ result, why, summary }: SuiteRun): Markup {
  if (result === "PASS") return html`<span class="quiet">${summary}</span>`;
  return html`<ul>${why.map((line) => html`<li>${line}</li>`)}</ul>`;
}

const FILES = [
  ["report.html", "report"],
  ["report.json", "JSON"],
  ["junit.xml", "JUnit"],
] as const;

function fileLinks(run: SuiteRun): Markup {
  const links = FILES.flatMap(([file, word]) => {
    const href = linkTo(run, file);
    return href === undefined ? [] : [html`<a href="${href}">${word}</a> `];
  });
  return html`${links.length === 0 ? "–" : links}`;
}
