// The section for auditors: who tried to access what, the expected and actual answers, and how often.
import type { ProbeResult } from "../../../model/log/observation.js";
import type { AccessGroup, AccessReport, RunReport } from "../../../model/report/report.js";
import { formatCount } from "../../../support/units.js";
import { markOf, stateWords, toneOf } from "../../text/states.js";
import { formatMs, plural } from "../../text/wording.js";
import { html, type Markup } from "../markup.js";
import { badge, htmlTable, numbers, type Section, section, stateBadge } from "./section.js";

/** Nothing if the journey has no probes. */
export function accessSections({ access }: RunReport): readonly Section[] {
  if (access === undefined) return [];
  const seekers = [...new Set(access.groups.map(({ seeker }) => seeker))];
  const body = html`${totals(access)}
${seekers.map((seeker) => seekerMarkup(access, seeker))}`;
  return [section("access", "Access: who tried what, and what happened", "Access", body)];
}

function totals({ probes, refused, breaches, unclear }: AccessReport): Markup {
  const part = (result: ProbeResult, count: number, word = stateWords(result)): Markup | undefined =>
    count === 0
      ? undefined
      : html`${badge(toneOf(result), markOf(result), `${formatCount(count)} ${word}`)} `;
  return html`<p>${part("breach", breaches)}${part("refused", refused)}${part("unclear", unclear, "without a clear answer")} of ${plural(probes, "attempt")} to reach what must not be reached. Counts are exact; every single attempt is in <code>run.jsonl</code>.</p>`;
}

function seekerMarkup({ groups }: AccessReport, seeker: string): Markup {
  const own = groups.filter((group) => group.seeker === seeker);
  const rows = own.map(({ attempt, expected, answer, result, count }) => [
    attempt,
    expected,
    answer,
    result === "not-checked" ? "–" : formatCount(count),
    stateBadge(result),
  ]);
  return html`<div class="access"><h3>Tried ${seeker}</h3>
${htmlTable(
  "What was tried, what was expected, and what happened",
  ["attempt", "expected", "answered", ...numbers("attempts"), "verdict"],
  rows,
)}
${singleAttempts(own, seeker)}</div>
`;
}

/** One line per kept attempt. */
function singleAttempts(groups: readonly AccessGroup[], seeker: string): Markup | undefined {
  const tried = groups.filter(({ result }) => result !== "not-checked");
  const all = tried.reduce((sum, { count }) => sum + count, 0);
  const rows = tried.flatMap(({ attempt, answer, result, probes }) =>
    probes.map(({ user, owner, thread, atMs }) => [
      attempt,
      `${user}`,
      owner === undefined ? "–" : owner === user ? "own" : `${owner}`,
      thread === undefined ? "–" : html`<code>${thread}</code>`,
      formatMs(atMs),
      `${markOf(result)} ${answer}`,
    ]),
  );
  if (rows.length === 0) return undefined;
  const shown =
    rows.length < all ? `${formatCount(rows.length)} of ${plural(all, "attempt")}` : plural(all, "attempt");
  const breached = tried.some(({ result }) => result === "breach");
  return html`<details class="attempts"${breached ? html` open` : undefined}><summary>One by one: ${shown}</summary>
${htmlTable(
  `Single attempts ${seeker}`,
  ["attempt", ...numbers("user", "whose"), "thread", ...numbers("at"), "answered"],
  rows,
)}</details>
`;
}
