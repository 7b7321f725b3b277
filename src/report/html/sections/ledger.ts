// The section of the ledger: where every attempted turn went, and the anomalies.

import type { RunReport } from "../../../model/report/report.js";
import { ANOMALIES, type Anomaly, DELIVERIES, OUTCOMES, type Outcome } from "../../../model/turn/ledger.js";
import { formatCount } from "../../../support/units.js";
import { ANOMALY_WORDS, OUTCOME_WORDS } from "../../text/turn-words.js";
import { FAILED_WORDS, formatMs, ledgerEquation, ledgerVerdict, startsLine } from "../../text/wording.js";
import { html, type Markup } from "../markup.js";
import { badge, htmlTable, numbers, type Section, section, tableOr } from "./section.js";

const MEANING = {
  completed: "a terminal event that is not an error",
  stopped: "its user stopped it, and the service said so",
  waiting: "it asked its user for a decision and was left waiting",
  failed: "an error ended it, or it could not be sent",
  rejected: "the service refused it before work started",
  timedOut: "past its deadline, but known to the service",
  lost: "neither a terminal event nor a stored answer",
  inFlightAtEnd: "still open when the drain ended",
} as const satisfies Record<Outcome, string>;

const ANOMALY_MEANING = {
  leaked: "frames that held another user's data",
  replayed: "sent again after a reconnect (as they should be)",
  late: "frames after the end of their turn",
  duplicate: "frames received twice",
  outOfOrder: "frames out of the allowed order",
  orphan: "frames that belong to no turn",
  unrecognised: "frames of unknown shape",
  missing: "expected kinds of event that a completed turn did not have",
  unpairedTool: "tools with a start and no end, or an end and no start",
} as const satisfies Record<Anomaly, string>;

export function ledgerSection(report: RunReport): Section {
  const { ledger } = report;
  const state = ledgerVerdict(ledger);
  const rows = OUTCOMES.map((outcome) => [
    html`<span class="key outcome-${outcome}"></span> ${OUTCOME_WORDS[outcome]}`,
    formatCount(ledger[outcome]),
    share(ledger[outcome], ledger.attempted),
    MEANING[outcome],
  ]);
  const body = html`<p class="equation">${badge(state.holds ? "good" : "bad", state.holds ? "✓" : "✗", state.text)} <span>${ledgerEquation(ledger)}</span></p>
${report.starts === null ? undefined : html`<p class="quiet">${startsLine(report)}</p>`}
${stackedBar(report)}
<div class="columns">${[
    htmlTable("Outcomes of all turns", ["outcome", ...numbers("turns", "share"), "meaning"], rows),
    html`<div>${[reasonsTable(report), deliveryTable(report)]}</div>`,
  ]}</div>`;
  return section("ledger", "Ledger: where every turn went", "Ledger", body);
}

function share(count: number, all: number): string {
  if (all === 0) return "–";
  const percent = (count / all) * 100;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  // Never rounds up to 100 %.
  return `${Number((count < all ? Math.min(99.99, percent) : percent).toFixed(2))} %`;
}

/** The equation as a bar. Every part is at least half a per cent wide, so that it can be seen. */
function stackedBar(report: RunReport): Markup {
  const { ledger } = report;
  const present = OUTCOMES.filter((outcome) => ledger[outcome] > 0);
  const total = present.reduce((sum, outcome) => sum + ledger[outcome], 0);
  if (total === 0) return html`<p class="quiet">No turn was attempted.</p>`;
  const widths = present.map((outcome) => Math.max(0.5, (ledger[outcome] / total) * 100));
  const sum = widths.reduce((all, width) => all + width, 0);
  let x = 0;
  const parts = present.map((outcome, index) => {
    const width = ((widths[index] ?? 0) / sum) * 100;
    const part = html`<rect class="outcome-${outcome}" x="${x.toFixed(3)}" y="0" width="${Math.max(0.2, width - 0.15).toFixed(3)}" height="20"><title>${OUTCOME_WORDS[outcome]}: ${formatCount(ledger[outcome])}</title></rect>`;
    x += width;
    return part;
  });
  return html`<svg class="stack" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label="${ledgerEquation(ledger)}">${parts}</svg>`;
}

function reasonsTable(report: RunReport): Markup {
  const reasons = Object.entries(report.ledger.reasons).filter(([, count]) => count > 0);
  const rows = reasons.sort((a, b) => b[1] - a[1]).map(([reason, count]) => [reason, formatCount(count)]);
  return tableOr("No turn went wrong.", "Why turns did not complete", ["reason", ...numbers("turns")], rows);
}

function deliveryTable(report: RunReport): Markup {
  const rows = DELIVERIES.map((delivery) => [delivery, formatCount(report.ledger.delivery[delivery])]);
  if (report.ledger.expected > 0)
    rows.push(["ended as they should, without an answer", formatCount(report.ledger.expected)]);
  if (report.ledger.unexpected > 0)
    rows.push(["completed although an error was expected", formatCount(report.ledger.unexpected)]);
  return htmlTable("How completed turns reached their user", ["delivery", ...numbers("turns")], rows);
}

export function anomaliesSection(report: RunReport): Section {
  const tiles = ANOMALIES.map((anomaly) => {
    const count = report.anomalies[anomaly];
    const tone = count === 0 || anomaly === "replayed" ? "none" : anomaly === "leaked" ? "bad" : "warn";
    return html`<li class="tile ${tone}"><b>${formatCount(count)}</b><span>${ANOMALY_WORDS[anomaly]}</span><small>${ANOMALY_MEANING[anomaly]}</small></li>`;
  });
  return section("anomalies", "Anomalies", "Anomalies", html`<ul class="tiles">${tiles}</ul>`);
}

/** Failed requests and connections by cause; no section if nothing failed. */
export function failedRequestsSection({ failedRequests }: RunReport): readonly Section[] {
  if (failedRequests.length === 0) return [];
  const rows = failedRequests.map((failed) => [
    FAILED_WORDS[failed.step],
    failed.request ?? "–",
    failed.message,
    failed.status > 0 ? `${failed.status}` : "–",
    failed.closeCode > 0 ? `${failed.closeCode}` : "–",
    formatCount(failed.users),
    formatCount(failed.count),
    formatMs(failed.firstMs),
  ]);
  const figures = numbers("status", "close code", "users", "times", "first at");
  const columns = ["what", "request", "answer", ...figures];
  const caption = "Requests, connections and turns that failed, by their cause, the first cause first";
  return [section("failed-requests", "Failures", "Failures by cause", htmlTable(caption, columns, rows))];
}
