// What the workers' last snapshots add up to: ledger, anomalies, checks, and what is known about the clock.
import { type CheckPart, mergeParts } from "../../checks/check.js";
import { checkNamed } from "../../checks/index.js";
import { ClockInterval } from "../../metrics/clock-interval.js";
import { mergedExtensions } from "../../metrics/extension-states.js";
import type { ExtensionStates } from "../../model/log/extension.js";
import { type FailedRequests, mergeFailures } from "../../model/log/failed-request.js";
import type { CheckCounters, CheckResult, ClockState } from "../../model/log/run-log.js";
import { addStarts, emptyStarts, type StartCounts } from "../../model/log/starts.js";
import type { Finding } from "../../model/turn/finding.js";
import {
  type AnomalyCounts,
  addAnomalies,
  addLedger,
  emptyAnomalies,
  emptyLedger,
  imbalance,
  type Ledger,
} from "../../model/turn/ledger.js";
import { addUsageCounts, emptyUsageCounts, type UsageCounts } from "../../model/turn/usage.js";
import type { SlaRule } from "../../model/verdict.js";
import type { CheckSpec } from "../../scenarios/scenario.js";
import { unanswered } from "../../sla/starts.js";
import { defined } from "../../support/defined.js";
import { formatUs } from "../../support/units.js";
import type { WorkerState } from "../process/messages.js";

/** What one process counted of each check. */
type CheckParts = Readonly<Record<string, CheckPart>>;

export interface MergedState {
  readonly ledger: Ledger;
  readonly ledgerByPhase: Readonly<Record<string, Ledger>>;
  readonly starts: Readonly<Record<string, StartCounts>>;
  readonly anomalies: AnomalyCounts;
  readonly clock: ClockState;
  readonly checkCounters: CheckCounters;
  readonly unrecognised: readonly { readonly shape: string; readonly count: number }[];
  readonly failedRequests: readonly FailedRequests[];
  /** Absent if the run has no code of the user's own. */
  readonly extensions?: ExtensionStates;
  /** Absent if the target never reports usage. */
  readonly usage?: Readonly<UsageCounts>;
}

/** `final`: turns without an outcome (of a lost worker, or aborted) are in flight at the end. */
export function mergeStates(
  states: readonly WorkerState[],
  clock: "same" | "unknown",
  final: boolean,
  parts: readonly CheckParts[] = states.map(({ checks }) => checks),
): MergedState {
  const ledgerByPhase: Record<string, Ledger> = {};
  const anomalies = emptyAnomalies();
  const shapes = new Map<string, number>();
  for (const state of states) {
    for (const [phase, part] of Object.entries(state.ledgers)) {
      ledgerByPhase[phase] ??= emptyLedger();
      addLedger(ledgerByPhase[phase], part);
    }
    addAnomalies(anomalies, state.anomalies);
    for (const [shape, count] of state.unrecognised) shapes.set(shape, (shapes.get(shape) ?? 0) + count);
  }
  const ledger = emptyLedger();
  for (const part of Object.values(ledgerByPhase)) {
    if (final) bookUnfinished(part);
    addLedger(ledger, part);
  }
  const unrecognised = [...shapes]
    .map(([shape, count]) => ({ shape, count }))
    .sort((a, b) => b.count - a.count);
  return {
    ledger,
    ledgerByPhase,
    starts: mergeStarts(states),
    anomalies,
    clock: mergeClocks(states, clock),
    checkCounters: countersOf(parts),
    unrecognised,
    failedRequests: mergeFailures(states.map(({ failures }) => failures)),
    ...defined({
      usage: mergeUsage(states),
      extensions: mergedExtensions(states.flatMap(({ extensions }) => extensions ?? [])),
    }),
  };
}

function mergeUsage(states: readonly WorkerState[]): UsageCounts | undefined {
  const parts = states.flatMap(({ usage }) => usage ?? []);
  if (parts.length === 0) return undefined;
  const sum = emptyUsageCounts();
  for (const part of parts) addUsageCounts(sum, part);
  return sum;
}

function mergeStarts(states: readonly WorkerState[]): Record<string, StartCounts> {
  const merged: Record<string, StartCounts> = {};
  for (const { starts } of states) {
    for (const [phase, part] of Object.entries(starts)) {
      merged[phase] ??= emptyStarts();
      addStarts(merged[phase], part);
    }
  }
  return merged;
}

/** One check's parts of all workers, with what only shows across them. */
function mergeCheck(check: string, parts: readonly CheckParts[]): CheckPart {
  const merged = mergeParts(parts.flatMap((checks) => checks[check] ?? []));
  return checkNamed(check).conclude?.(merged) ?? merged;
}

function countersOf(parts: readonly CheckParts[]): CheckCounters {
  const names = new Set(parts.flatMap((checks) => Object.keys(checks)));
  return Object.fromEntries([...names].map((name) => [name, mergeCheck(name, parts).counters]));
}

function bookUnfinished(ledger: Ledger): void {
  const left = imbalance(ledger);
  if (left <= 0) return;
  ledger.inFlightAtEnd += left;
  ledger.reasons.in_flight = (ledger.reasons.in_flight ?? 0) + left;
}

function mergeClocks(states: readonly WorkerState[], mode: "same" | "unknown"): ClockState {
  const interval = new ClockInterval();
  let driftUs = 0;
  let future = 0;
  let aheadUs = 0;
  let wholeSeconds = 0;
  for (const { clock } of states) {
    interval.merge(clock);
    future += clock.future;
    aheadUs = Math.max(aheadUs, clock.aheadUs);
    wholeSeconds += clock.wholeSeconds;
    if (Math.abs(clock.driftUs) > Math.abs(driftUs)) driftUs = clock.driftUs;
  }
  const { lowUs, highUs } = interval;
  return {
    mode,
    stamped: interval.stamped,
    lowUs: Number.isFinite(lowUs) ? lowUs : undefined,
    highUs: Number.isFinite(highUs) ? highUs : undefined,
    future,
    aheadUs,
    wholeSeconds,
    driftUs,
  };
}

/** Judges every check over all workers, and what belongs to no check: timestamps, contract drift, stray events. */
export function judgeChecks(
  checks: readonly CheckSpec[],
  all: readonly CheckParts[],
  merged: MergedState,
  rules: readonly SlaRule[] = [],
): { readonly results: readonly CheckResult[]; readonly findings: readonly Finding[] } {
  const results: CheckResult[] = [];
  const findings: Finding[] = [];
  for (const { check, options } of checks) {
    const parts = mergeCheck(check, all);
    const whole = checkNamed(check).weigh?.(parts, options, (metric) => upperLimit(rules, metric)) ?? parts;
    const { judge, judgeEach, ofAnswers } = checkNamed(check);
    const judged = judgeEach ? judgeEach(whole) : [judge(whole)];
    results.push(...(ofAnswers && isAnswerless(merged.ledger) ? judged.map(withoutAnswers) : judged));
    findings.push(...whole.findings);
  }
  return { results, findings: [...findings, ...strayFindings(merged)] };
}

/** Every turn was meant to end without an answer, and did. */
function isAnswerless({ attempted, expected }: MergedState["ledger"]): boolean {
  return attempted > 0 && expected === attempted;
}

function withoutAnswers(result: CheckResult): CheckResult {
  if (result.status !== "no-data") return result;
  return { ...result, status: "not-checked", note: "no turn was meant to be answered" };
}

/** The smallest upper limit among the rules. */
function upperLimit(rules: readonly SlaRule[], metric: string): number | undefined {
  const limits = rules
    .filter((rule) => rule.metric === metric && !rule.where && rule.comparison.startsWith("<"))
    .map(({ limit }) => limit);
  return limits.length > 0 ? Math.min(...limits) : undefined;
}

function strayFindings({ ledger, anomalies, clock, unrecognised }: MergedState): readonly Finding[] {
  const findings: Finding[] = [];
  const warn = (code: string, count: number, message: string, seen: readonly string[] = []): void => {
    if (count > 0)
      findings.push({
        check: "frames",
        code,
        severity: "warn",
        count,
        message,
        evidence: seen.map((text) => ({ seen: text })),
      });
  };
  const shapes = unrecognised.slice(0, 10).map(({ shape, count }) => `${count} × ${shape}`);
  warn(
    "unrecognised",
    anomalies.unrecognised,
    "frames that the profile does not know: has the contract drifted?",
    shapes,
  );
  warn(
    "no-answer",
    ledger.reasons.no_answer ?? 0,
    `${unanswered(ledger)}: they came to their normal end with no text`,
  );
  warn("orphan", anomalies.orphan, "events that belong to no turn");
  warn(
    "future",
    clock.future,
    `events stamped later than they were received, by up to ${formatUs(clock.aheadUs ?? 0)}, although the clock is the same`,
  );
  if (
    clock.mode === "unknown" &&
    clock.lowUs !== undefined &&
    clock.highUs !== undefined &&
    clock.lowUs > clock.highUs
  ) {
    const apart = formatUs(clock.lowUs - clock.highUs);
    warn(
      "stamps",
      clock.stamped,
      `the server's timestamps contradict each other by ${apart}: are its clocks apart?`,
    );
  }
  return findings;
}
