// Renders the live page of a run: empty places, which its script fills second by second.
import type { LivePageData } from "../../model/report/live.js";
import { pageDocument } from "../html/document.js";
import { html, NOTHING } from "../html/markup.js";
import { plotPlace, section } from "../html/sections/section.js";

const LIVE_STYLES = `
#state { font-size: 26px; }
.live-head { display: flex; flex-wrap: wrap; gap: 10px 24px; align-items: center; }
#stop { border-color: var(--bad); color: var(--bad); }
@media screen and (max-width: 900px) {
  #rules-table td:nth-child(2) { grid-column: 1 / -1; }
}
`;

/** The page only connects to the server that it came from. */
export function renderLiveHtml(data: LivePageData, version: string): string {
  const sections = [
    section("rules", "Rules so far", "Rules", html`<div id="rules-table"></div>`),
    section(
      "over-time",
      "Over time",
      "Over time",
      html`<div class="plots">${[
        plotPlace("users", "Users", "Live users and users started, each second."),
        plotPlace(
          "turns",
          "Turns per second",
          "Turns that ended, and those that met every limit (goodput), which is known once they are settled.",
        ),
        plotPlace("errors", "Errors", "Turns that did not complete, each second, by cause."),
        plotPlace("in-flight", "In flight", "Turns sent and not yet ended."),
      ]}</div>`,
    ),
    section(
      "latency",
      "Latency over time",
      "Latency",
      html`<div class="controls" id="latency-controls"></div>${plotPlace("latency", "Latency percentiles", "p50, p95 and p99 of what was recorded in each second.")}`,
    ),
    section("open", "Oldest open turns", "Open turns", html`<div id="open-table"></div>`),
    section("failed", "Last failed turn", "Failed", html`<div id="failed-turn"></div>`),
    section(
      "generator",
      "The generator",
      "Generator",
      html`${plotPlace("lag", "Own delays", "Send lag and event-loop delay, p99 of each second, worst worker.")}<div id="workers-table"></div>`,
    ),
    section("notes", "Notes", "Notes", html`<ol id="notes-list" class="notes"></ol>`),
  ];
  return pageDocument({
    page: "live",
    title: `${data.scenario} · live`,
    badge: { tone: "quiet", mark: "●", word: "live" },
    header: html`<div class="banner quiet" id="banner"><p class="verdict" id="state" role="status">connecting</p>
<div class="banner-text"><h1>${data.scenario}</h1><p class="summary" id="summary"></p><p class="quiet">${data.target}</p></div>
${data.stoppable ? html`<button type="button" id="stop">Stop the run</button>` : NOTHING}</div>
<dl class="facts" id="head-facts"></dl>`,
    lead: html`<noscript><p class="card">This page needs its own script.</p></noscript>`,
    sections,
    footer: html`${version} · served by the run itself`,
    style: LIVE_STYLES,
    data,
    connects: true,
  });
}
