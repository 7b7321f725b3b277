// The head of the page: the verdict, why, and what was run; for INVALID also what to do.
import type { ReportLinks } from "../../../model/report/details.js";
import type { RunReport } from "../../../model/report/report.js";
import { formatCount, formatUs } from "../../../support/units.js";
import { throughputOf } from "../../text/failures.js";
import { formatStart, startedUsers } from "../../text/wording.js";
import { html, type Markup, NOTHING } from "../markup.js";
import { copyButton, facts, verdictBanner } from "./section.js";

export function banner(report: RunReport, links: ReportLinks = {}): Markup {
  const { scenario, target, verdict } = report;
  const tags = scenario.tags.map((tag) => html`<span class="tag">${tag}</span> `);
  const words = html`<p class="summary">${report.summary}</p>
<p class="quiet">${scenario.description} ${tags}</p>`;
  return html`${verdictBanner(verdict, scenario.name, words)}
${facts([
  ...(report.invocation?.build === undefined
    ? []
    : [["version under test", report.invocation.build] as const]),
  [
    "target",
    target.name === target.url ? target.url : html`${target.name} <span class="quiet">${target.url}</span>`,
  ],
  ["profile", `${target.profile}${target.embedded ? ", embedded" : ""}`],
  ["started", html`<time datetime="${report.startedAt}">${formatStart(report.startedAt)}</time>`],
  ["duration", formatUs(report.durationMs * 1000)],
  ...(report.load === undefined ? [] : [["load", report.load] as const]),
  ["users that ran", ranUsers(report)],
  ...(report.groups ?? []).map((group): [string, string] => [
    `group ${group.name}`,
    `${formatCount(group.users)}${group.note === undefined ? "" : ` (${group.note})`}`,
  ]),
  ["turns", formatCount(report.ledger.attempted)],
  ["throughput", throughputText(report)],
  [
    "not checked",
    html`${report.notChecked.length === 0 ? "nothing" : html`<a href="#not-checked">${report.notChecked.length}</a>`}`,
  ],
  ...nearby(links),
])}${invocationMarkup(report)}`;
}

/** Links to related pages. */
function nearby({ before, suite, history }: ReportLinks): readonly (readonly [string, Markup])[] {
  const ways = [
    ["the run before", before],
    ["its suite", suite],
    ["all runs", history],
  ].flatMap(([text, address]) => (address === undefined ? [] : [html`<a href="${address}">${text}</a>`]));
  if (ways.length === 0) return [];
  return [["see also", html`${ways.map((way, at) => html`${at > 0 ? " · " : ""}${way}`)}`]];
}

function ranUsers(report: RunReport): string {
  const ran = startedUsers(report);
  if (ran === 0) return "–";
  const planned = report.plannedUsers;
  return ran === planned ? formatCount(ran) : `${formatCount(ran)} of ${formatCount(planned)} planned`;
}

function throughputText(report: RunReport): string {
  const throughput = throughputOf(report);
  if (throughput === undefined) return "–";
  const { turns, good } = throughput;
  const rate = `${turns < 10 ? turns.toFixed(1) : formatCount(Math.round(turns))} turns/s`;
  return good === undefined ? rate : `${rate}, ${Math.floor(good * 1000) / 10}% good`;
}

/** The command line, and what it changed in the scenario file. */
function invocationMarkup({ invocation }: RunReport): Markup {
  if (invocation === undefined) return NOTHING;
  const { command, overrides } = invocation;
  const changed =
    overrides.length === 0
      ? html`<span class="quiet">as in the scenario file</span>`
      : html`<span class="quiet">changed:</span> ${overrides.map((one) => html`<code class="tag">${one}</code> `)}`;
  return html`<p class="invocation"><code>${command}</code> ${copyButton(command, "the command")} ${changed}</p>`;
}

/** Why the run is INVALID, with advice; nothing for other runs. */
export function invalidReasons(report: RunReport): Markup {
  if (report.invalidReasons.length === 0) return NOTHING;
  const items = report.invalidReasons.map(
    (reason) =>
      html`<li><p><b>${reason.message}</b> <code>${reason.code}</code></p>${
        reason.advice === undefined ? undefined : html`<p class="advice">What to do: ${reason.advice}</p>`
      }</li>`,
  );
  return html`<section class="card warn-edge" aria-labelledby="h-invalid" id="invalid">
<h2 id="h-invalid">${report.verdict === "FAIL" ? "What else could not be determined" : "Why this run is inconclusive"}</h2><ul class="plain">${items}</ul></section>`;
}
