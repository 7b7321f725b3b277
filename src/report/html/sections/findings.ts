// The sections of correctness: checks, findings with evidence, what was not checked, unknown shapes.

import type { RunReport } from "../../../model/report/report.js";
import type { Finding, Severity } from "../../../model/turn/finding.js";
import type { KeptTurn } from "../../../model/turn/turn.js";
import { formatCount } from "../../../support/units.js";
import type { Tone } from "../../text/states.js";
import { bySeverity, describeEvidence, formatMs, plural, SEVERITY_MARK } from "../../text/wording.js";
import { html, type Markup } from "../markup.js";
import {
  badge,
  copyButton,
  numbers,
  type Section,
  section,
  stateBadge,
  tableOr,
  turnLinks,
} from "./section.js";

const SEVERITY_TONE = { fail: "bad", warn: "warn", info: "quiet" } as const satisfies Record<Severity, Tone>;

const SHOWN_AT_ONCE = 50;
const EVIDENCE_OF_THE_REST = 3;

export function checksSection(report: RunReport): Section {
  const rows = report.checks.map((check) => [
    check.check,
    stateBadge(check.status),
    formatCount(check.judged),
    check.note ?? "",
  ]);
  const caption = "Each rule of correctness, and how many turns, rows or frames it judged";
  const columns = ["check", "result", ...numbers("judged"), "note"];
  const body = tableOr("The scenario has no checks.", caption, columns, rows);
  return section("checks", "Checks", "Checks", body);
}

export function findingsSection(report: RunReport, kept: readonly KeptTurn[]): Section {
  const links = turnLinks(kept);
  const sorted = bySeverity(report.findings);
  const first = sorted.slice(0, SHOWN_AT_ONCE);
  const rest = sorted.slice(SHOWN_AT_ONCE);
  const more =
    rest.length === 0
      ? undefined
      : html`<details class="rest"><summary>${plural(rest.length, "more finding")}</summary>${rest.map(
          (finding) => findingMarkup(finding, links, false, EVIDENCE_OF_THE_REST),
        )}</details>`;
  const body =
    sorted.length === 0
      ? html`<p class="quiet">No findings. The checks say how much they judged.</p>`
      : html`${first.map((finding, index) => findingMarkup(finding, links, index < 3 && finding.severity === "fail", 20))}${more}`;
  return section("findings", `Findings (${formatCount(sorted.length)})`, "Findings", body);
}

function findingMarkup(
  finding: Finding,
  links: ReturnType<typeof turnLinks>,
  open: boolean,
  evidence: number,
): Markup {
  const rows = finding.evidence
    .slice(0, evidence)
    .map((one) => [
      one.user === undefined ? "–" : `${one.user}`,
      links(one.user, one.turn, `${one.turn}`) ?? (one.turn === undefined ? "–" : `${one.turn}`),
      formatMs(one.atMs),
      ids(one.thread, one.runId, one.traceId),
      one.expected ?? "",
      one.seen ?? "",
      copyButton(describeEvidence(one), "this evidence"),
    ]);
  const left = finding.count - rows.length;
  const title = `${finding.check} / ${finding.code}`;
  const columns = ["user", "turn", "at", "thread, run, trace", "expected", "seen", ""];
  return html`<details class="finding"${open ? html` open` : undefined}><summary>${badge(
    SEVERITY_TONE[finding.severity],
    SEVERITY_MARK[finding.severity],
    finding.severity,
  )} <b>${title}</b> <span class="count">× ${formatCount(finding.count)}</span> <span class="message">${finding.message}</span></summary>
${tableOr("No evidence was kept.", `Evidence for ${title}`, columns, rows)}${
  rows.length > 0 && left > 0
    ? html`<p class="quiet">${formatCount(left)} more were counted, but are not shown.</p>`
    : undefined
}</details>
`;
}

function ids(...known: readonly (string | undefined)[]): Markup {
  const parts = known.filter((id) => id !== undefined);
  return html`${parts.length === 0 ? "–" : parts.map((part) => html`<code>${part}</code> `)}`;
}

export function notCheckedSection(report: RunReport): Section {
  const rows = report.notChecked.map((item) => [item.name, item.why]);
  const body = tableOr("Nothing was left unchecked.", "What this run did not check", ["what", "why"], rows);
  return { ...section("not-checked", `Not checked (${rows.length})`, "Not checked", body), half: true };
}

export function unrecognisedSection(report: RunReport): Section {
  const rows = report.unrecognised.map((one) => [html`<code>${one.shape}</code>`, formatCount(one.count)]);
  const caption = "Shapes of frames that the profile does not know: contract drift";
  const none = "Every frame had a shape that the profile knows.";
  const body = tableOr(none, caption, ["shape", ...numbers("frames")], rows);
  return { ...section("shapes", "Unrecognised shapes", "Shapes", body), half: true };
}
