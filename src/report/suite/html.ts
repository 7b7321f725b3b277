// Renders index.html: one offline page over all scenarios, with links to the report of each.
import type { SuiteReport, SuiteRun } from "../../model/report/suite.js";
import { formatCount, formatUs } from "../../support/units.js";
import { pageDocument } from "../html/document.js";
import { html, type Markup } from "../html/markup.js";
import {
  type CardRow,
  cardTable,
  facts,
  section,
  stateBadge,
  verdictBanner,
} from "../html/sections/section.js";
import { lookOf, marked, toneOf } from "../text/states.js";
import { formatStart } from "../text/wording.js";
import { linkTo, runFigures, runName } from "./wording.js";

const SUITE_STYLES = `
.runs .name { font-weight: 600; }
.runs .meaning { margin-bottom: 3px; }
.runs tbody th { min-width: 16em; max-width: 26em; }
.runs .why { width: 44%; min-width: 16em; }
.runs .why ul { margin: 0; padding-left: 17px; }
.runs .why li { margin-bottom: 2px; }
.runs tr.bad .why li:first-child { color: var(--bad); font-weight: 550; }
.runs tr.warn .why li:first-child { color: var(--warn); font-weight: 550; }
.runs tr.quiet .why { color: var(--muted); }
.runs .files { white-space: nowrap; }
`;

/** The page makes no network requests; its links lead to the folders next to it. */
export function renderSuiteHtml(suite: SuiteReport): string {
  const { verdict } = suite;
  return pageDocument({
    page: "theme",
    title: `${marked(verdict)} · ${suite.summary}`,
    badge: lookOf(verdict),
    header: banner(suite),
    sections: [section("runs", "Scenarios", "Scenarios", runsTable(suite.runs))],
    linked: [],
    footer: html`${suite.tool.version} · exit code ${suite.exitCode} · also here: <a href="junit.xml">junit.xml</a>, <a href="summary.md">summary.md</a>, <a href="suite.json">suite.json</a>`,
    style: SUITE_STYLES,
  });
}

function banner({ verdict, summary, counts, runs, ...suite }: SuiteReport): Markup {
  const turns = runs.reduce((sum, run) => sum + (run.turns ?? 0), 0);
  return html`${verdictBanner(verdict, summary, html`<p class="quiet">${targetsInWords(runs)}</p>`)}
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

const COLUMNS = [
  ["verdict"],
  ["scenario"],
  ["why", "why wide"],
  ...(["turns", "duration", "not checked"] as const).map((name) => [name, "number"] as const),
  ["files", "files wide"],
] as const;

function runsTable(runs: readonly SuiteRun[]): Markup {
  const caption = "Scenarios in the order in which they ran: verdict, why, and report.";
  return cardTable("runs", caption, COLUMNS, runs.map(runRow));
}

function runRow(run: SuiteRun): CardRow {
  const report = linkTo(run, "report.html");
  const name = report === undefined ? html`${runName(run)}` : html`<a href="${report}">${runName(run)}</a>`;
  const tags = run.tags.map((tag) => html`<span class="tag">${tag}</span> `);
  return {
    tone: toneOf(run.result),
    cells: [
      stateBadge(run.result),
      html`<span class="name">${name}</span><span class="meaning">${run.description}</span>${tags}`,
      whyList(run),
      ...runFigures(run),
      fileLinks(run),
    ],
  };
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
