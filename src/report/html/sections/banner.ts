// The head of the page: the verdict, why, and what was run; for INVALID also what to do.
import type { RunReport } from "../../../model/report/report.js";
import type { Verdict } from "../../../model/verdict.js";
import { formatCount, formatUs } from "../../../support/units.js";
import { formatStart, startedUsers, VERDICT_MARK } from "../../text/wording.js";
import { html, type Markup, NOTHING } from "../markup.js";
import { facts, type Tone } from "./section.js";

export const VERDICT_TONE = { PASS: "good", FAIL: "bad", INVALID: "warn" } as const satisfies Record<
  Verdict,
  Tone
>;

export function banner(report: RunReport): Markup {
  const { scenario, target, verdict } = report;
  const tags = scenario.tags.map((tag) => html`<span class="tag">${tag}</span> `);
  return html`<div class="banner ${VERDICT_TONE[verdict]}">
<p class="verdict"><span aria-hidden="true">${VERDICT_MARK[verdict]}</span> ${verdict}</p>
<div class="banner-text"><h1>${scenario.name}</h1>
<p class="summary">${report.summary}</p>
<p class="quiet">${scenario.description} ${tags}</p></div>
</div>
${facts([
  ["target", html`${target.name} <span class="quiet">${target.url}</span>`],
  ["profile", `${target.profile}${target.embedded ? ", embedded" : ""}`],
  ["started", html`<time datetime="${report.startedAt}">${formatStart(report.startedAt)}</time>`],
  ["duration", formatUs(report.durationMs * 1000)],
  ["users", startedUsers(report) === 0 ? "–" : formatCount(startedUsers(report))],
  ...(report.groups ?? []).map((group): [string, string] => [
    `group ${group.name}`,
    `${formatCount(group.users)}${group.note === undefined ? "" : ` (${group.note})`}`,
  ]),
  ["turns", formatCount(report.ledger.attempted)],
  [
    "not checked",
    html`${report.notChecked.length === 0 ? "nothing" : html`<a href="#not-checked">${report.notChecked.length}</a>`}`,
  ],
])}`;
}

/** Why nothing can be said, with advice; nothing for a run that is not INVALID. */
export function invalidReasons(report: RunReport): Markup {
  if (report.invalidReasons.length === 0) return NOTHING;
  const items = report.invalidReasons.map(
    (reason) =>
      html`<li><p><b>${reason.message}</b> <code>${reason.code}</code></p>${
        reason.advice === undefined ? undefined : html`<p class="advice">What to do: ${reason.advice}</p>`
      }</li>`,
  );
  return html`<section class="card warn-edge" aria-labelledby="h-invalid" id="invalid">
<h2 id="h-invalid">${report.verdict === "FAIL" ? "What could not be known besides" : "Why this run is inconclusive"}</h2><ul class="plain">${items}</ul></section>`;
}
