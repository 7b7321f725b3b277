// The section of the judged thresholds: observed value and limit of each.
import { isMetric, METRICS } from "../../../model/metric.js";
import type { RunReport } from "../../../model/report/report.js";
import type { SlaResult } from "../../../model/verdict.js";
import { formatCount } from "../../../support/units.js";
import { worstFirst } from "../../text/states.js";
import { html, type Markup, NOTHING } from "../markup.js";
import { type CardRow, cardTable, type Section, section, stateBadge } from "./section.js";

export function slaSection(report: RunReport): Section {
  // Failures first; otherwise in the order of the scenario.
  const rows = worstFirst(report.sla).map(slaRow);
  const caption =
    "Each rule: what was observed, its limit, and how many samples broke it. Percentiles are over all attempts; a turn that never ended counts as infinitely slow (censored).";
  const body =
    rows.length === 0
      ? html`<p class="quiet">The scenario has no rules.</p>`
      : cardTable("sla", caption, COLUMNS, rows);
  return section("sla", "Service levels", "SLA", body);
}

const COLUMNS = [
  ["verdict"],
  ["metric"],
  ["rule"],
  ["observed", "number strong"],
  ["against the limit", "bar-cell"],
  ...(["limit", "n", "violations", "censored"] as const).map((name) => [name, "number"] as const),
  ["origin"],
] as const;

const SERVER_MEANING = "what the target reported about itself, one value per second";

function slaRow(rule: SlaResult): CardRow {
  const meaning = isMetric(rule.metric) ? METRICS[rule.metric].meaning : SERVER_MEANING;
  const notes = [
    ...(rule.judgedAs === undefined ? [] : [`judged as ${rule.judgedAs}`]),
    ...(rule.note === undefined ? [] : [rule.note]),
  ];
  const step = rule.step === undefined ? NOTHING : html` <span class="tag">${rule.step}</span>`;
  return {
    tone: rule.verdict,
    cells: [
      stateBadge(rule.verdict),
      html`<span class="name">${rule.metric}</span>${step}<span class="meaning">${meaning}</span>${notes.map(
        (note) => html`<span class="note">${note}</span>`,
      )}`,
      html`<code>${rule.rule}</code>`,
      rule.observedText,
      shareBar(rule),
      rule.limitText,
      ...[rule.n, rule.violations, rule.censored].map(formatCount),
      rule.origin,
    ],
  };
}

/** A bar with a tick at the limit; the scale ends a third beyond it, and longer bars are cut there. */
function shareBar(rule: SlaResult): Markup {
  const { limit } = rule;
  const censored = rule.observed === null && rule.censored > 0;
  if (rule.observed === null && !censored) return NOTHING;
  const observed = rule.observed ?? Number.POSITIVE_INFINITY;
  const share = limit === 0 ? (observed === 0 ? 0 : Number.POSITIVE_INFINITY) : observed / limit;
  const width = Math.max(share > 0 ? 1 : 0, Math.min(100, share * 75));
  const words =
    limit === 0
      ? `observed ${rule.observedText}, limit 0`
      : `${Number.isFinite(share) ? `${Math.round(share * 100)} %` : "far beyond"} of the limit`;
  return html`<svg class="share" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label="${words}"><title>${words}</title>
<rect class="track" x="0" y="3" width="100" height="6"/><rect class="fill" x="0" y="3" width="${width.toFixed(2)}" height="6"/><rect class="tick" x="74.6" y="0" width="0.8" height="12"/></svg>`;
}
