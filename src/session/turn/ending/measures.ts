// The samples of a turn: from the intended time (response) and from the send (service).

import type { PhaseSamples, SampleKey, Samples } from "../../../metrics/samples.js";
import type { TurnLimit } from "../../../model/metric.js";
import type { AgentEvent } from "../../../model/turn/event.js";
import type { Anomaly } from "../../../model/turn/ledger.js";
import { isTold } from "../../../model/turn/turn-end.js";
import {
  costOf,
  type PriceList,
  TOKEN_KINDS,
  TurnUsage,
  type UsageCounts,
} from "../../../model/turn/usage.js";
import { ToolTimes } from "../frames/event-automaton.js";
import type { Observer } from "../observer.js";
import type { Turn } from "../turn.js";

/** Samples from a single frame: delivery, first text and tool durations. Replays and repeats give none. */
export function recordFrame(
  turn: Turn,
  event: AgentEvent,
  anomaly: Anomaly | undefined,
  observer: Pick<Observer, "stamped" | "keepsToolRuns">,
): void {
  if (anomaly === "replayed" || anomaly === "duplicate" || event.replayed) return;
  const { kind, receivedAtUs } = event;
  if (turn.end === undefined) {
    if (Number.isNaN(turn.firstEventUs)) turn.firstEventUs = receivedAtUs;
    if (turn.pieceGapUs >= 0) turn.samples.of("chunk.gap").push(turn.pieceGapUs);
  }
  // An acknowledgement is not an event of the agent, but its stamp shows the server's clock like any other.
  observer.stamped(event, turn.sentUs, kind === "ack" ? undefined : turn.samples);
  if (event.usage) {
    turn.usage ??= new TurnUsage();
    turn.usage.add(event.usage);
  }
  if (kind === "tool_executing") {
    turn.toolCalls++;
    turn.tools ??= new ToolTimes(observer.keepsToolRuns);
    turn.tools.began(event.toolId ?? event.toolName ?? "", receivedAtUs, event.toolName);
  } else if (kind === "tool_completed") {
    const tookUs = turn.tools?.ended(event.toolId ?? event.toolName ?? "", receivedAtUs);
    if (tookUs !== undefined) durationsOf(turn, turn.tools?.endedName).push(tookUs);
  }
}

/**
 * The samples of a turn at its end, in the phase of its intended time. Anything that did not arrive is censored, never a fast
 * error and never left out. A turn that ended in another expected way contributes its time until that end; one cut off with
 * the run contributes nothing, since nobody waited for it.
 */
export function recordTurn(turn: Turn): void {
  const { samples } = turn;
  const sent = !Number.isNaN(turn.sentUs);
  // A message that had to wait for its channel was delayed by the target or a fault, not by us.
  if (sent && !turn.waited) samples.of("generator.send-lag").push(Math.max(0, turn.sentUs - turn.intendedUs));
  if (turn.end === "aborted") return;
  if (turn.end === "stopped" || turn.end === "waiting") {
    recordCutShort(turn);
    return;
  }
  const ended = turn.end === "completed" || isExpected(turn);
  point(samples, RESPONSE, turn, ended ? turn.endedUs : Number.NaN);
  // A completed turn without agent_started has a missing event, not an endless processing time.
  if (!Number.isNaN(turn.startedUs) || !ended) point(samples, PROCESSING, turn, turn.startedUs);
  // An expected error needs neither text nor ends of its tools.
  if (!Number.isNaN(turn.firstTextUs) || !isExpected(turn))
    point(samples, FIRST_TEXT, turn, turn.firstTextUs);
  if (!Number.isNaN(turn.firstEventUs) || !isExpected(turn))
    point(samples, FIRST_EVENT, turn, turn.firstEventUs);
  recordSilence(turn);
  const unended = turn.tools?.takeUnended() ?? [];
  if (!isExpected(turn)) for (const tool of unended) durationsOf(turn, tool).censor();
}

/** No answer is expected: what arrived is measured, and nothing is missing. */
function recordCutShort(turn: Turn): void {
  const { samples } = turn;
  if (!Number.isNaN(turn.startedUs)) point(samples, PROCESSING, turn, turn.startedUs);
  if (!Number.isNaN(turn.firstTextUs)) point(samples, FIRST_TEXT, turn, turn.firstTextUs);
  if (!Number.isNaN(turn.firstEventUs)) point(samples, FIRST_EVENT, turn, turn.firstEventUs);
}

/**
 * Samples of a stop and decisions, once nothing of the turn can arrive any more. A stop ends with the last sign of its turn,
 * whatever that was; a decision without any reaction is censored.
 */
export function recordControl({ control, end, lastEventUs, samples }: Turn): void {
  if (!control || end === "aborted") return;
  if (control.stopping && !control.cutOff) {
    if (isTold(end)) samples.of("stop.time").push(Math.max(0, lastEventUs - control.stopUs));
    else samples.of("stop.time").censor();
  }
  for (const { decision, resumedUs } of control.asks)
    if (decision !== undefined && resumedUs === undefined) samples.of("resume.time").censor();
}

/** Samples of its tools of that name; without a name, of all. */
function durationsOf({ samples }: Turn, tool = ""): Samples {
  return (tool === "" ? samples : samples.ofTool(tool)).of("tool.duration");
}

/** The longest silence of a turn, including the one before its end; censored if there was no end. */
function recordSilence(turn: Turn): void {
  const { samples, end, sentUs, endedUs, events, longestGapUs } = turn;
  if (end === "deadline" || end === "closed") {
    if (!Number.isNaN(sentUs)) samples.of("event.gap").censor();
    // The next piece never arrived; a turn without any text lacks its first piece, not the next.
    if (!Number.isNaN(turn.lastTextUs)) samples.of("chunk.gap").censor();
  } else if (events > 1 || (events > 0 && turn.silenceUs(endedUs) > 0)) {
    const untilEndUs = turn.silenceUs(endedUs);
    samples.of("event.gap").push(Math.max(longestGapUs, Number.isNaN(untilEndUs) ? 0 : untilEndUs));
  }
}

/** What a target can report about a turn, and the prices to compute its cost. */
export interface Reported {
  readonly usage: boolean;
  readonly tools: boolean;
  readonly prices: PriceList | undefined;
  /** Completed turns, and their reported usage. */
  readonly counts: UsageCounts;
}

/**
 * Usage of a turn, once its grace window is over, since a report may follow the end. Only for completed turns, since others
 * report a part at most, and only what was reported.
 */
export function recordUsage(turn: Turn, reported: Reported): void {
  if (turn.end === "aborted") return;
  const { samples, usage } = turn;
  const completed = turn.end === "completed";
  if (completed && reported.tools) samples.of("tool.calls").push(turn.toolCalls);
  if (!reported.usage) return;
  if (!completed) {
    if (!isExpected(turn)) samples.of("tpot").censor();
    return;
  }
  const { counts, prices } = reported;
  counts.turns++;
  if (usage?.reported) counts.reported++;
  if (usage && usage.lies > 0) counts.invalid++;
  const cost = usage && prices && costOf(usage, prices);
  if (prices && cost === undefined) counts.unpriced++;
  if (!usage) return;
  for (const kind of TOKEN_KINDS) if (usage[kind] >= 0) samples.of(`tokens.${kind}`).push(usage[kind]);
  if (usage.calls >= 0) samples.of("model.calls").push(usage.calls);
  if (cost !== undefined) samples.of("cost.turn").push(cost);
  const gapsUs = turn.lastTextUs - turn.firstTextUs;
  if (usage.output > 1 && gapsUs > 0) samples.of("tpot").push(Math.round(gapsUs / (usage.output - 1)));
}

/** Limits on single turns, microseconds: a turn below them is in time. Absent metrics have none. */
export type GoodLimits = Readonly<Partial<Record<TurnLimit, number>>>;

/**
 * How far an ended turn exceeded its limits, microseconds; 0 if it met all. Anything that never arrived exceeds every limit
 * infinitely, except a start that the target does not report.
 */
export function overLimitsUs(turn: Turn, limits: GoodLimits): number {
  const { intendedUs, endedUs, startedUs } = turn;
  const over = (limitUs: number | undefined, us: number): number => {
    if (limitUs === undefined || us < limitUs) return 0;
    return Number.isNaN(us) ? Number.POSITIVE_INFINITY : us - limitUs + 1;
  };
  const silenceUs = turn.silenceUs(endedUs);
  return Math.max(
    over(limits["agent.response"], endedUs - intendedUs),
    Number.isNaN(startedUs) ? 0 : over(limits["message.processing"], startedUs - intendedUs),
    over(limits.ttft, turn.firstTextUs - intendedUs),
    over(limits.ttfe, turn.firstEventUs - intendedUs),
    over(limits["event.gap"], Math.max(turn.longestGapUs, Number.isNaN(silenceUs) ? 0 : silenceUs)),
  );
}

/** Whether the turn ended as expected without completing: by its scenario, by its user's stop, or by asking its user. */
export function isExpected(turn: Turn): boolean {
  if (turn.end === "stopped" || turn.end === "waiting") return true;
  if (turn.expect === "completed") return false;
  return turn.end === turn.expect;
}

const RESPONSE = ["agent.response", "agent.response/service"] as const;
const PROCESSING = ["message.processing", "message.processing/service"] as const;
const FIRST_TEXT = ["ttft", "ttft/service"] as const;
const FIRST_EVENT = ["ttfe", "ttfe/service"] as const;

function point(
  samples: PhaseSamples,
  metrics: readonly [response: SampleKey, service: SampleKey],
  turn: Turn,
  atUs: number,
): void {
  const response = samples.of(metrics[0]);
  const service = samples.of(metrics[1]);
  if (Number.isNaN(atUs)) {
    response.censor();
    service.censor();
    return;
  }
  response.push(Math.max(0, atUs - turn.intendedUs));
  service.push(Math.max(0, atUs - turn.sentUs));
}
