// Judges all thresholds of a run on the data so far: each second for the live view, at the end for the report.

import type { RunFold, SecondPoint } from "../metrics/run-fold.js";
import { seriesOf } from "../model/labels.js";
import { isJudged, type PhaseSpan } from "../model/log/phase.js";
import type { CheckCounters, ClockState } from "../model/log/run-log.js";
import { heldStarts, type StartCounts } from "../model/log/starts.js";
import { isComparison, isServerMetric, type MetricName, sampledUnit } from "../model/metric.js";
import { type AnomalyCounts, addLedger, emptyLedger, type Ledger } from "../model/turn/ledger.js";
import type { SlaResult, SlaRule } from "../model/verdict.js";
import { formatCount } from "../support/units.js";
import { degradationOf } from "./degradation.js";
import { judgeDelivery } from "./delivery.js";
import { type Sampled, type SingleValue, sampledDeltas, sampledOf } from "./evidence.js";
import { workersHealth, worstOf } from "./generator.js";
import { holds, type JudgeContext, judgeSampled, judgeValue } from "./judge.js";
import { cachedShare, stablePrefix, withNobodysCalls } from "./model-calls.js";
import { judgedOverTime } from "./over-time.js";
import { isUnknown, longestStandstillUs } from "./own-delay.js";
import { goodput, goodputRate, tokensRate, turnsRate } from "./rates.js";
import { goodputKept, goodputLost, longestWaitUs, sampledRecoveries } from "./recovery.js";
import { serverValue } from "./server.js";
import { droppedShare, excusedDrops, successShare } from "./starts.js";

export interface RunState {
  readonly ledgerByPhase: Readonly<Record<string, Ledger>>;
  /** Starts of an open load by phase. */
  readonly starts: Readonly<Record<string, Readonly<StartCounts>>>;
  readonly anomalies: AnomalyCounts;
  readonly clock: ClockState;
  readonly checkCounters: CheckCounters;
  /** With a worker lost, `users.live` is unknown: its users are not the target's fault. */
  readonly workersLost: number;
}

export function assess(fold: RunFold, state: RunState, context: JudgeContext): readonly SlaResult[] {
  const whole = fold.rules.map((rule) => judgeRule(rule, fold, state, context, undefined));
  const steps = fold.spans.filter((span) => isJudged(span.key) && span.key !== "hold");
  const bySteps = steps.flatMap((span) =>
    fold.rules
      .filter(
        ({ metric, where }) => sampledUnit(metric) !== undefined && metric !== "recovery" && !where?.phase,
      )
      .map((rule) => ({ ...judgeRule(rule, fold, state, context, span.key), step: span.label ?? span.key })),
  );
  return [...whole, ...bySteps];
}

function judgeRule(
  rule: SlaRule,
  fold: RunFold,
  state: RunState,
  context: JudgeContext,
  step: string | undefined,
): SlaResult {
  const judged = withoutStarving(judgeMeasured(rule, fold, state, context, step), context);
  const why = rule.origin === "default" ? excuse(rule, fold, judged, state, context) : undefined;
  return why === undefined ? judged : { ...notChecked(judged), note: why };
}

/** An embedded backend that waits for a core for this share of the hold fails for lack of CPU. */
const STARVED = 0.2;

/** Besides durations, what suffers when an embedded backend is slow or its users give up. */
const TAKES_TIME: ReadonlySet<string> = new Set([
  ...["users.live", "turns.success", "turns.rate", "tokens.rate", "arrivals.dropped", "degradation"],
  ...[
    "degradation.over-time",
    "errors.over-time",
    "goodput",
    "goodput.share",
    "goodput.lost",
    "goodput.kept",
  ],
]);

/** An embedded backend that other programs on this machine starved of CPU is not to blame for being slow. */
function withoutStarving(judged: SlaResult, { own }: JudgeContext): SlaResult {
  const timed = sampledUnit(judged.metric) === "us" || TAKES_TIME.has(judged.metric);
  if (judged.verdict !== "fail" || own.backendWaitShare < STARVED || !timed) return judged;
  const note = `the embedded backend waited for a core in ${Math.round(own.backendWaitShare * 100)}% of the hold`;
  return { ...judged, verdict: "no-data", note, byGenerator: true };
}

/**
 * Why a default rule without data is not a gap; `undefined` if it has data, or the lack is a gap. A target is only expected
 * to report time stamps or starts if its profile promises them.
 */
function excuse(
  { metric }: SlaRule,
  fold: RunFold,
  { n, verdict }: SlaResult,
  { ledgerByPhase }: RunState,
  { tells }: JudgeContext,
): string | undefined {
  const never = tells?.never[metric];
  if (never !== undefined) return never;
  if (verdict !== "no-data" || n > 0) return undefined;
  const endless = metric === "agent.response" ? withoutResponse(heldLedger(ledgerByPhase)) : undefined;
  if (endless !== undefined) return endless;
  if (metric === "message.processing" && !tells?.always.includes(metric)) {
    const ended = (fold.held("agent.response")?.count ?? 0) > 0;
    return ended ? "no turn completed with an `agent_started`: this target sends none" : undefined;
  }
  const elsewhere = OF_STEPS.has(metric) ? (fold.merged(metric, () => true)?.attempts ?? 0) : 0;
  return elsewhere > 0 ? `its ${formatCount(elsewhere)} samples all lie outside the hold` : undefined;
}

/** Why no turn has a response, if each was stopped or waits for its user. */
function withoutResponse({ attempted, waiting, stopped }: Ledger): string | undefined {
  if (waiting === 0 || waiting + stopped < attempted) return undefined;
  const rest = stopped > 0 ? `, the other ${formatCount(stopped)} were stopped` : "";
  const whom = `${formatCount(waiting)} of ${formatCount(attempted)} turns are waiting for their users${rest}`;
  return `${whom}: let the journey decide what agents ask, with approve, reject or answer`;
}

/** Metrics of steps before the loop of a journey, which only happen in the ramp. */
const OF_STEPS: ReadonlySet<string> = new Set([
  "history.query",
  "search.query",
  "http.request",
  "wait.time",
  "step.time",
]);

function judgeMeasured(
  rule: SlaRule,
  fold: RunFold,
  state: RunState,
  context: JudgeContext,
  step: string | undefined,
): SlaResult {
  if (sampledUnit(rule.metric) === undefined) {
    const judged = judgeValue(rule, singleValue(rule, fold, state, context), context);
    if (rule.metric === "turns.success")
      return excusedDrops(judged, rule, heldLedger(state.ledgerByPhase), heldStarts(state.starts), context);
    // Nobody requested the comparison, so a lack of data for it is not a fault of the run.
    const optional = isComparison(rule.metric) && rule.origin === "default" && judged.verdict === "no-data";
    return optional ? notChecked(judged) : judged;
  }
  if (rule.metric === "recovery") return judgeRecovery(rule, fold, context);
  if (rule.metric === "event.delivery")
    return judgeDelivery(rule, { fold, clock: state.clock, context, step });
  const series = seriesOf(rule);
  const rules = fold.rules.filter((other) => seriesOf(other) === series);
  const phase = rule.where?.phase;
  const distribution =
    phase !== undefined
      ? fold.merged(series, (key) => key === phase || key.startsWith(`${phase}/`))
      : alwaysJudged(rule.metric)
        ? fold.merged(series, () => true)
        : fold.held(series, step);
  // Without any sample, the target does not report tokens: that says nothing about its turns.
  const measured = rule.metric === "tpot" && distribution?.count === 0 ? undefined : distribution;
  return withNobodysCalls(judgeSampled(rule, measured && sampledOf(measured, rules), context), fold);
}

/** Once for all faults. A load that ended too soon to measure recovery is not a pass. */
function judgeRecovery(rule: SlaRule, fold: RunFold, context: JudgeContext): SlaResult {
  const { sampled, unmeasured } = sampledRecoveries(fold);
  const waited = { ...context, turnTimeoutUs: longestWaitUs(fold) };
  const observed = judgeSampled(rule, sampled, waited);
  const atBest = (): SlaResult =>
    judgeSampled(rule, sampledRecoveries(fold, context.own.maxUs).sampled, waited);
  const judged: SlaResult =
    observed.verdict === "fail" && atBest().verdict !== "fail"
      ? { ...observed, verdict: "no-data", note: OWN_TURNS, byGenerator: true }
      : observed;
  if (unmeasured === 0) return judged;
  const note = `${unmeasured} of the faults ended too close to the end of the load to measure recovery`;
  return judged.verdict === "pass" ? { ...judged, verdict: "no-data", note } : { ...judged, note };
}

const OWN_TURNS = "the generator's own delay explains the turns over their limits";

/** Metrics of the prepare phase, the ramp and faults, judged wherever they happened. */
function alwaysJudged(metric: string): boolean {
  return (
    metric === "login" ||
    metric === "connect" ||
    metric === "reconnect" ||
    metric === "detection" ||
    metric === "settle.query"
  );
}

function singleValue(
  rule: SlaRule,
  fold: RunFold,
  state: RunState,
  context: JudgeContext,
): SingleValue | undefined {
  const held = heldLedger(state.ledgerByPhase);
  const all = Object.values(state.ledgerByPhase).reduce((sum, ledger) => add(sum, ledger), emptyLedger());
  // A count of 0 without any turns proves nothing; any other count stands.
  const count = (value: number): SingleValue => ({
    value: value === 0 && all.attempted === 0 ? undefined : value,
    n: all.attempted,
    violations: value,
  });
  const { metric } = rule;
  if (isServerMetric(metric)) return serverValue(rule, metric, fold);
  switch (metric) {
    case "users.live":
      return usersLive(rule, { fold, workersLost: state.workersLost, connectUs: context.connectUs ?? 0 });
    case "turns.success":
      return withoutStandstills(successShare(held, heldStarts(state.starts)), fold, context);
    case "generator.cpu":
      return worstOf(workersHealth(fold.points), "cpuMean");
    case "generator.gc":
      return worstOf(workersHealth(fold.points), "gcShare");
    case "generator.backpressure":
      return worstOf(workersHealth(fold.points), "bufferedMaxBytes");
    case "arrivals.dropped":
      return droppedShare(heldStarts(state.starts), "droppedByTarget");
    case "generator.dropped":
      return droppedShare(heldStarts(state.starts), "droppedByGenerator");
    case "turns.lost":
      return count(all.lost);
    case "turns.rate":
      return turnsRate(fold, held);
    case "goodput":
      return goodputRate(goodput(fold, context.own.percentileUs), fold);
    case "tokens.cached.share":
      return cachedShare(fold);
    case "tokens.rate":
      return tokensRate(fold);
    case "prefix.stable":
      return stablePrefix(fold);
    case "goodput.share":
      return goodput(fold, context.own.percentileUs);
    case "goodput.lost":
      return goodputLost(fold, context.own.maxUs);
    case "goodput.kept":
      return goodputKept(fold, context.own.percentileUs);
    case "events.missing":
      return count(state.anomalies.missing);
    case "events.duplicate":
      return count(state.anomalies.duplicate);
    case "events.out-of-order":
      return count(state.anomalies.outOfOrder);
    case "events.leaked":
      return count(state.anomalies.leaked);
    case "quality.substantive":
    case "quality.relevant":
    case "quality.actionable":
    case "quality.complete":
    case "quality.recall":
      return qualityShare(metric, state.checkCounters);
    case "degradation":
      return degradation(fold, state, context.own.percentileUs);
    case "degradation.over-time":
    case "errors.over-time":
    case "target.memory.over-time":
    case "generator.memory.over-time":
      return judgedOverTime(metric, fold, context.own.percentileUs);
    default:
      return undefined;
  }
}

export function heldLedger(byPhase: Readonly<Record<string, Ledger>>): Ledger {
  return Object.entries(byPhase)
    .filter(([phase]) => isJudged(phase))
    .reduce((sum, [, ledger]) => add(sum, ledger), emptyLedger());
}

function add(sum: Ledger, part: Ledger): Ledger {
  addLedger(sum, part);
  return sum;
}

/**
 * The smallest (largest, mean) number of live users over whole seconds of the hold. Seconds in which a worker stood still
 * say nothing about the target, and users may be missing until the ramp's connects had their time.
 */
function usersLive(
  rule: SlaRule,
  {
    fold,
    workersLost,
    connectUs,
  }: { readonly fold: RunFold; readonly workersLost: number; readonly connectUs: number },
): SingleValue {
  const known = heldSeconds(fold).filter((point) => !isUnknown(point));
  const live = settledSeconds(rule, known, connectUs).map((point) => point.usersLive);
  const nothing = { value: undefined, n: live.length, violations: 0 };
  if (workersLost > 0) return { ...nothing, note: "a worker was lost, together with its users" };
  if (live.length === 0)
    return { ...nothing, note: "no whole second of the hold was measured: hold for 2s or longer" };
  const { kind } = rule.statistic;
  const value =
    kind === "max"
      ? Math.max(...live)
      : kind === "mean"
        ? live.reduce((a, b) => a + b, 0) / live.length
        : Math.min(...live);
  return { value, n: live.length, violations: live.filter((users) => !holds(users, rule)).length };
}

/**
 * The whole seconds of the hold; if it is too short for any, the seconds that end in it, when users are counted. An
 * interrupted hold without a whole second says nothing, nor does the second that an interrupt cuts.
 */
function heldSeconds({ points, spans }: RunFold): readonly SecondPoint[] {
  const whole = points.filter(({ phase }) => isJudged(phase));
  if (whole.length > 0) return whole;
  const startUs = spans[0]?.startUs ?? 0;
  const held = spans.filter((span) => isJudged(span.key) && !hasWholeSecond(span, startUs));
  return points.flatMap((point) => {
    if (point.phase === "drain") return [];
    const countedUs = startUs + (point.second + 1) * 1_000_000;
    const span = held.find((one) => countedUs > one.startUs && countedUs < one.endUs);
    return span ? [{ ...point, phase: span.key }] : [];
  });
}

function hasWholeSecond({ startUs, endUs }: PhaseSpan, runStartUs: number): boolean {
  const firstUs = Math.ceil((startUs - runStartUs) / 1_000_000) * 1_000_000;
  return runStartUs + firstUs + 1_000_000 <= endUs;
}

/** Without the seconds at the start of each hold in which users still connect; a hold's last second always stays. */
function settledSeconds(
  rule: SlaRule,
  points: readonly SecondPoint[],
  connectUs: number,
): readonly SecondPoint[] {
  if (!rule.comparison.startsWith(">")) return points;
  const ready = new Set<string>();
  const begun = new Map<string, number>();
  return points.filter((point, at) => {
    const { phase, second, usersLive: live } = point;
    const first = begun.get(phase) ?? second;
    begun.set(phase, first);
    const last = points[at + 1]?.phase !== phase;
    if (holds(live, rule) || (second - first) * 1_000_000 >= connectUs || last) ready.add(phase);
    return ready.has(phase);
  });
}

/** A worker at a standstill may miss the answers to its users' open turns: at most one per user. */
function withoutStandstills(single: SingleValue, fold: RunFold, { own }: JudgeContext): SingleValue {
  const { value, n, violations } = single;
  if (value === undefined || longestStandstillUs(own) === 0) return single;
  const users = Math.max(0, ...fold.points.map(({ usersStarted }) => usersStarted));
  const excused = Math.min(violations, own.standstills.length * users);
  return { ...single, withoutOwn: (n - violations + excused) / n };
}

/** A default that cannot be known: listed, but not a reason for INVALID. */
function notChecked({ advice: _, byGenerator: __, ...judged }: SlaResult): SlaResult {
  return { ...judged, verdict: "not-checked" };
}

function degradation(fold: RunFold, { clock }: RunState, ownDelayUs: number): SingleValue {
  const view =
    (takes: (phase: string) => boolean) =>
    (metric: string): Sampled | undefined => {
      if (metric === "event.delivery" && clock.mode === "unknown") {
        return clock.lowUs === undefined
          ? undefined
          : sampledDeltas(fold.deltas(takes), clock.lowUs, "upper");
      }
      const merged = fold.merged(metric, takes);
      const rules = fold.rules.filter((rule) => seriesOf(rule) === metric && rule.unit === "us");
      return merged && sampledOf(merged, rules);
    };
  const baseline = view((phase) => phase === "baseline");
  const steps = [...new Set(fold.phaseKeys.filter(isJudged))];
  const judged = steps.map((step) =>
    degradationOf(
      fold.rules,
      baseline,
      view((phase) => phase === step),
      { ownDelayUs },
    ),
  );
  return judged.reduce<SingleValue>(
    (worst, next) => ((next.value ?? 0) > (worst.value ?? 0) ? next : worst),
    { value: undefined, n: 0, violations: 0, note: judged[0]?.note ?? "no baseline step was run" },
  );
}

type QualityMetric = Extract<MetricName, `quality.${string}`>;

/** No value if its check is off, or judged nothing. */
export function qualityShare(metric: QualityMetric, checks: CheckCounters): SingleValue {
  const check = metric === "quality.recall" ? "context" : "quality";
  const counters = checks[check];
  if (!counters) return { value: undefined, n: 0, violations: 0, note: `the check ${check} is off` };
  const n = (check === "context" ? counters.recalls : counters.answers) ?? 0;
  if (n === 0) return { value: undefined, n, violations: 0, note: "no answer was judged" };
  const good = counters[metric.slice("quality.".length)] ?? 0;
  return { value: good / n, n, violations: n - good };
}
