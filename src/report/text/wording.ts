// Words and number formats that all reporters share.

import { FAILED_STEPS, type FailedRequests, type FailedStep } from "../../model/log/failed-request.js";
import type { ServerUnit } from "../../model/metric.js";
import { MAX_OWN_DELAY_US } from "../../model/metric.js";
import type { ExtensionReport, FaultReport, GeneratorReport, RunReport } from "../../model/report/report.js";
import type { Evidence, Finding, Severity } from "../../model/turn/finding.js";
import { ANOMALIES, imbalance, type Ledger, OUTCOMES, type Outcome } from "../../model/turn/ledger.js";
import { oneLine } from "../../support/text.js";
import { formatBytes, formatCount, formatUs } from "../../support/units.js";
import { ANOMALY_WORDS, OUTCOME_WORDS } from "./turn-words.js";

export const SEVERITY_MARK = { fail: "✗", warn: "!", info: "i" } as const satisfies Record<Severity, string>;

/** Most that the generator's own delays may be, p99 in milliseconds of the hold, before it counts as the limit. */
export const GENERATOR_BOUND_MS = MAX_OWN_DELAY_US / 1000;

/** Milliseconds as a readable duration, `–` if there are none. */
export function formatMs(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "–" : formatUs(Math.round(ms * 1000));
}

/** A metric that the target reported, in its unit. */
export function formatServer(unit: ServerUnit, value: number | null): string {
  if (value === null) return "–";
  if (unit === "bytes") return formatBytes(Math.round(value));
  if (unit === "seconds") return formatUs(Math.round(value * 1_000_000));
  return formatCount(Number(value.toPrecision(4)));
}

/** `1 turn`, `2 turns`, with grouping. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Outcomes that exist only with stops or approvals. */
const SPECIAL: readonly Outcome[] = ["stopped", "waiting"];

/** The whole account in one line: `attempted 9 = completed 8 + failed 1 + … `. */
export function ledgerEquation(ledger: Ledger): string {
  const shown = OUTCOMES.filter((outcome) => ledger[outcome] > 0 || !SPECIAL.includes(outcome));
  const parts = shown.map((outcome) => `${OUTCOME_WORDS[outcome]} ${formatCount(ledger[outcome])}`);
  const sign = imbalance(ledger) === 0 ? "=" : "≠";
  return `attempted ${formatCount(ledger.attempted)} ${sign} ${parts.join(" + ")}`;
}

/** `late 2, out of order 1`; empty without any. */
export function anomalyCounts({ anomalies }: RunReport): string {
  return ANOMALIES.filter((name) => anomalies[name] > 0)
    .map((name) => `${ANOMALY_WORDS[name]} ${formatCount(anomalies[name])}`)
    .join(", ");
}

/** Whether the account adds up with nothing in flight. */
export function ledgerVerdict(ledger: Ledger): { readonly holds: boolean; readonly text: string } {
  const off = imbalance(ledger);
  if (off !== 0) return { holds: false, text: `does not balance: off by ${formatCount(off)}` };
  if (ledger.inFlightAtEnd > 0) {
    return { holds: false, text: `${plural(ledger.inFlightAtEnd, "turn")} still in flight at the end` };
  }
  return { holds: true, text: "balances" };
}

/** One place where a rule was broken, in one line. */
export function describeEvidence(evidence: Evidence): string {
  const { user, turn, atMs, thread, runId, traceId, expected, seen } = evidence;
  const at = atMs === undefined ? undefined : formatMs(atMs);
  const parts = Object.entries({ user, turn, at, thread, run: runId, trace: traceId, expected, saw: seen })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`);
  return oneLine(parts.join(" · "));
}

/** Whether the generator was healthy, the limit, or late without changing a verdict. */
export function generatorState({ generator, invalidReasons }: RunReport): string {
  if (generator.healthy) return "healthy";
  const limited = invalidReasons.some(({ code }) => code.startsWith("generator-"));
  return limited ? "was the limit" : "was late, which changed no verdict";
}

/** When and for how long workers stood still. */
export function standstillText(standstills: GeneratorReport["standstills"]): string {
  if (standstills.length === 0) return "never";
  return standstills
    .map(({ worker, second, ms }) => `worker ${worker} for ${formatMs(ms)} from second ${second}`)
    .join(", ");
}

/** The generator's figures in one line. */
export function generatorLine(report: RunReport): string {
  const { generator } = report;
  const parts = [
    plural(generator.workers, "worker"),
    `send lag p99 ${formatMs(generator.sendLagP99)}`,
    `loop delay p99 ${formatMs(generator.loopDelayP99)}`,
    `CPU ${formatCores(generator.cpuMean)} mean, ${formatCores(generator.cpuMax)} peak`,
    `memory ${generator.rssMaxMb === null ? "–" : `${formatCount(Math.round(generator.rssMaxMb))} MB`}`,
  ];
  if (generator.droppedStarts > 0) parts.push(`${plural(generator.droppedStarts, "start")} dropped`);
  if (generator.offeredShare !== null && generator.offeredShare < 1)
    parts.push(`offered ${Math.floor(generator.offeredShare * 1000) / 10}% of the planned load`);
  if (generator.standstills.length > 0) parts.push(`stood still: ${standstillText(generator.standstills)}`);
  return `${generatorState(report)}: ${parts.join(", ")}`;
}

/** One extension: calls, time in its code, and failures. */
export function ownCodeSentence(one: ExtensionReport): string {
  const { kind, name, place, calls, totalMs, time, failed, timedOut, unsettled, late, blocks } = one;
  const wrong = [
    [blocks, "blocked"],
    [failed, "failed"],
    [timedOut, "timed out"],
    [unsettled, "never settled"],
    [late, "late"],
  ] as const;
  const counted = wrong.flatMap(([count, what]) => (count > 0 ? [`${formatCount(count)} ${what}`] : []));
  const took = `${formatMs(totalMs)} in its code, at most ${formatMs(time.max)} a call`;
  return `${kind} ${name} (${place}): ${[plural(calls, "call"), took, ...counted].join(", ")}`;
}

/** The starts of an open load, in one line; empty under a closed one. */
export function startsLine({ starts }: RunReport): string {
  if (starts === null) return "";
  const { planned, made, droppedByTarget, droppedByGenerator } = starts;
  return `starts: planned ${formatCount(planned)} = made ${formatCount(made)} + dropped ${formatCount(droppedByTarget)} (all sessions busy) + ${formatCount(droppedByGenerator)} (too late)`;
}

/** Cores in use, `–` if unknown. */
export function formatCores(cores: number | null): string {
  return cores === null ? "–" : `${cores.toFixed(2)} cores`;
}

/** Number of users that the run started, from its timeline. */
export function startedUsers(report: RunReport): number {
  return report.timeline.reduce((most, point) => Math.max(most, point.usersStarted), 0);
}

/** `11 users: 10 sender, 1 observer`; only their number if all have the same journey. For an open load, also its starts. */
export function usersText(report: RunReport): string {
  const groups = (report.groups ?? []).map(({ name, users }) => `${formatCount(users)} ${oneLine(name)}`);
  const users = plural(startedUsers(report), "user");
  const open = report.starts === null || report.load === undefined ? "" : ` · ${oneLine(report.load)}`;
  return groups.length === 0 ? `${users}${open}` : `${users}: ${groups.join(", ")}`;
}

/** The start as `2026-01-02 03:04:05 UTC`; the text itself if it is not a date. */
export function formatStart(startedAt: string): string {
  const date = new Date(startedAt);
  if (Number.isNaN(date.getTime())) return oneLine(startedAt);
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Worst first. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const rank = { fail: 0, warn: 1, info: 2 } as const satisfies Record<Severity, number>;
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity] || b.count - a.count);
}

/** How long it took until turns were good again. */
export function recoveryText({ recoveryMs }: FaultReport): string {
  return recoveryMs ? `in ${formatUs(recoveryMs * 1000)}` : "at once";
}

/** One fault in a sentence: what, when, whom, and how it recovered. */
export function faultSentence(fault: FaultReport): string {
  const { label, beginMs, endMs, users, hits, recovered, goodputLost } = fault;
  const lasted =
    endMs === null ? " until the end" : endMs > beginMs ? ` for ${formatUs((endMs - beginMs) * 1000)}` : "";
  const struck =
    users === undefined
      ? ""
      : `, ${plural(users, "user")}${hits === undefined ? "" : ` (${formatCount(hits)} hits)`}`;
  const healed = {
    yes: `recovered ${recoveryText(fault)}`,
    never: "never recovered",
    unknown: "recovery unknown",
  };
  const lost = goodputLost > 0 ? `, ${plural(goodputLost, "turn")} lost to goodput` : "";
  return `${label} at ${formatUs(beginMs * 1000)}${lasted}${struck}: ${healed[recovered]}${lost}`;
}

/** What failed, in words. */
export const FAILED_WORDS = {
  login: "log-in failed",
  connect: "connection failed",
  thread: "opening a thread failed",
  channel: "channel closed",
  stream: "answer stream failed",
  health: "health check failed",
  history: "history request failed",
  search: "search failed",
  turn: "turn failed",
} as const satisfies Record<FailedStep, string>;

/** A single failure of one user. */
export function failedRequestLine(
  failed: {
    readonly [key in "step" | "user" | "request" | "message"]?: string | number | boolean | undefined;
  },
): string {
  const { step, user, request, message } = failed;
  const what = FAILED_STEPS.find((one) => one === step);
  const asked = `${what ? FAILED_WORDS[what] : "request failed"}${request === undefined ? "" : `: ${request}`}`;
  return oneLine(`${asked}: ${message ?? "no answer"}${user === undefined ? "" : ` (user ${user})`}`);
}

/** One cause of failed requests in a sentence: request, answer, number of users. */
export function failedRequestSentence(failed: FailedRequests): string {
  const { step, request, message, count, users, firstMs } = failed;
  const asked = `${FAILED_WORDS[step]}${request === undefined ? "" : `: ${request}`}`;
  const often =
    count === users ? plural(users, "user") : `${plural(users, "user")}, ${formatCount(count)} times`;
  return oneLine(`${asked}: ${message} (${often}, first at ${formatUs(firstMs * 1000)})`);
}
