// Renders report.html: one file that shows the whole run and asks no network for anything.
import { createHash } from "node:crypto";
import type { ReportDetails } from "../../model/details.js";
import type { RunReport } from "../../model/report.js";
import { VERDICT_MARK } from "../wording.js";
import { plotLibrary } from "./assets.js";
import { pageData } from "./data.js";
import { clientScript } from "./inline.js";
import { html, jsonMarkup, type Markup, ownCode } from "./markup.js";
import { banner, invalidReasons, VERDICT_TONE } from "./sections/banner.js";
import {
  checksSection,
  findingsSection,
  notCheckedSection,
  unrecognisedSection,
} from "./sections/findings.js";
import { anomaliesSection, ledgerSection } from "./sections/ledger.js";
import { clockSection, factsSection, generatorSection, metricsSection } from "./sections/machine.js";
import { latencySection, loadSection, spectrumSection, turnsSection } from "./sections/plots.js";
import type { Section } from "./sections/section.js";
import { slaSection } from "./sections/sla.js";
import { STYLES } from "./styles/index.js";

/** The page. Its policy forbids every request and every script and style but its own two, known by their hashes. */
export function renderHtml(report: RunReport, details: ReportDetails): string {
  const library = plotLibrary();
  const style = ownCode(`${library.css}\n${STYLES}`);
  const script = ownCode(`${library.script}\n${clientScript()}`);
  const policy = `default-src 'none'; script-src ${sha256(script)}; style-src ${sha256(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const sections = sectionsOf(report, details);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${VERDICT_MARK[report.verdict]} ${report.verdict} · ${report.scenario.name} · gp-load</title>
<style>${style}</style></head>
<body><a class="skip" href="#main">Skip to the result</a>
${topBar(report, sections)}
<main id="main">
<header>${banner(report)}</header>
${invalidReasons(report)}
${sections.map(sectionMarkup)}
</main>
<footer>gp-load ${report.tool.version} · run ${report.runId} · seed ${report.seed}</footer>
<script type="application/json" id="data">${jsonMarkup(pageData(report, details))}</script>
<script>${script}</script>
</body></html>
`.toString();
}

function sectionsOf(report: RunReport, details: ReportDetails): Section[] {
  return [
    slaSection(report),
    loadSection(report),
    latencySection(report),
    spectrumSection(details),
    ledgerSection(report),
    anomaliesSection(report),
    checksSection(report),
    findingsSection(report),
    notCheckedSection(report),
    unrecognisedSection(report),
    generatorSection(report),
    clockSection(report),
    turnsSection(details),
    metricsSection(report),
    factsSection(report),
  ];
}

function topBar(report: RunReport, sections: readonly Section[]): Markup {
  const links = sections.map(({ id, short }) => html`<a href="#${id}">${short}</a>`);
  return html`<div class="top"><p class="brand"><b>gp-load</b> <span class="badge ${VERDICT_TONE[report.verdict]}">${VERDICT_MARK[report.verdict]} ${report.verdict}</span></p>
<nav aria-label="Sections">${links}</nav>
<button type="button" id="theme" hidden aria-pressed="false">Dark</button></div>`;
}

function sectionMarkup({ id, title, body, half }: Section): Markup {
  return html`<section class="card${half ? " half" : ""}" id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>
${body}</section>
`;
}

function sha256(code: Markup): string {
  return `'sha256-${createHash("sha256").update(code.toString()).digest("base64")}'`;
}
