// Judges event delivery by the server's time stamps: on one clock, or at both ends of the interval of clock offsets.
import type { RunFold } from "../metrics/run-fold.js";
import { isJudged } from "../model/log/phase.js";
import type { ClockState } from "../model/log/run-log.js";
import type { SlaResult, SlaRule } from "../model/verdict.js";
import { formatCount, formatUs } from "../support/units.js";
import { sampledDeltas, sampledOf } from "./evidence.js";
import { agree, type JudgeContext, judgeSampled, type Uncertainty } from "./judge.js";
import { toleratedViolations } from "./samples.js";

/** With fewer stamps, whole seconds may be chance. */
const FEWEST_STAMPS = 20;

export interface DeliveryEvidence {
  readonly fold: RunFold;
  readonly clock: ClockState;
  readonly context: JudgeContext;
  /** Phase key of one step; `undefined` for the whole hold. */
  readonly step: string | undefined;
}

export function judgeDelivery(rule: SlaRule, evidence: DeliveryEvidence): SlaResult {
  const { fold, clock, context } = evidence;
  if (clock.mode === "same") return judgeSameClock(rule, evidence);
  // Events without time stamps cannot be checked; a hold without events is ordinary no-data.
  if (clock.stamped === 0 || fold.deltas(() => true).length === 0) return unstamped(rule, context);
  const coarse = clock.stamped >= FEWEST_STAMPS && clock.wholeSeconds === clock.stamped;
  const { lowUs, highUs } = clock;
  if (lowUs === undefined || highUs === undefined) return judgeSampled(rule, undefined, context);
  const judged = judgeBetween(rule, evidence, offsetOf({ lowUs, highUs, coarse }));
  return coarse ? coarsely(rule, judged) : judged;
}

/** For a target without time stamps; a default is then only not checked. */
function unstamped(rule: SlaRule, context: JudgeContext): SlaResult {
  const { advice: _, ...nothing } = judgeSampled(rule, undefined, context);
  const note = "the events carry no usable timestamp";
  if (rule.origin === "default") return { ...nothing, verdict: "not-checked", note };
  const advice =
    "say under the target's `options` where events carry their timestamp, or judge `socket.rtt` instead";
  return { ...nothing, note, advice };
}

interface Offset extends Uncertainty {
  /** Range to add to `received − emitted`, microseconds. */
  readonly lowUs: number;
  readonly highUs: number;
}

/**
 * Contradicting bounds mean several server clocks: one is ahead of `highUs` at least by their distance. Their positions
 * within their bounds are unknown, so the same distance is assumed again.
 */
function offsetOf(bounds: {
  readonly lowUs: number;
  readonly highUs: number;
  readonly coarse: boolean;
}): Offset {
  const apartUs = bounds.lowUs - bounds.highUs;
  const several = apartUs > 0;
  const lowUs = (several ? bounds.highUs - apartUs : bounds.lowUs) - (bounds.coarse ? 1_000_000 : 0);
  const highUs = several ? bounds.lowUs + apartUs : bounds.highUs;
  const span = formatUs(highUs - lowUs);
  const why = several
    ? `the server's timestamps contradict each other by ${formatUs(apartUs)}, as if from several clocks`
    : `the server's clock is known only to ${span}`;
  const known = several
    ? `clocks of several servers, ${formatUs(apartUs)} apart`
    : `server clock known to ${span}`;
  return { lowUs, highUs, known, why: bounds.coarse ? `${why}, and its timestamps are whole seconds` : why };
}

function judgeBetween(rule: SlaRule, { fold, context, step }: DeliveryEvidence, offset: Offset): SlaResult {
  const buckets = fold.deltas((phase) => (step === undefined ? isJudged(phase) : phase === step));
  if (buckets.length === 0) return judgeSampled(rule, undefined, context);
  const low = judgeSampled(rule, sampledDeltas(buckets, offset.lowUs, "lower"), context);
  const high = judgeSampled(rule, sampledDeltas(buckets, offset.highUs, "upper"), context);
  return agree(low, high, offset);
}

/**
 * If every stamp is a whole second, an event may be up to a second younger than its stamp. The delivery time of an event from
 * the future is unknown: a rule holds if it would hold with all of these beyond the limit.
 */
function judgeSameClock(rule: SlaRule, evidence: DeliveryEvidence): SlaResult {
  const { fold, clock, context, step } = evidence;
  const { future, aheadUs = 0 } = clock;
  const rules = fold.rules.filter((other) => other.metric === rule.metric);
  const distribution = fold.held(rule.metric, step);
  const coarse = distribution === undefined && fold.deltas(() => true).length > 0;
  const usable = coarse || future > 0 || fold.merged(rule.metric, () => true) !== undefined;
  if (!usable) return unstamped(rule, context);
  const judged = coarse
    ? judgeCoarse(rule, evidence)
    : judgeSampled(rule, distribution && sampledOf(distribution, rules), context);
  if (future === 0 || judged.verdict === "fail") return judged;
  const { statistic } = rule;
  const tolerated =
    statistic.kind === "percentile"
      ? toleratedViolations(statistic.perHundredThousand, judged.n + future) - judged.violations
      : 0;
  if (judged.verdict === "pass" && future <= tolerated) return judged;
  return {
    ...judged,
    verdict: "no-data",
    note: `${formatCount(future)} events were stamped up to ${formatUs(aheadUs)} later than they were received: the clocks are not the same`,
    advice: "remove `clock: same`, or set the server's clock",
  };
}

function judgeCoarse(rule: SlaRule, evidence: DeliveryEvidence): SlaResult {
  const why = "the timestamps are whole seconds, so delivery is known only to the second";
  return coarsely(rule, judgeBetween(rule, evidence, { lowUs: -1_000_000, highUs: 0, known: why, why }));
}

/** A default that stamps of whole seconds cannot answer is only not checked. */
function coarsely(rule: SlaRule, judged: SlaResult): SlaResult {
  if (judged.verdict !== "no-data" || judged.n === 0) return judged;
  const advice = "stamp events in milliseconds, or judge `socket.rtt` instead";
  if (rule.origin === "scenario") return { ...judged, advice };
  const { advice: _, ...rest } = judged;
  return { ...rest, verdict: "not-checked" };
}
