// Which samples a turn gives, and when: from the intended time (response) and from the send (service).

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

/** What a single frame gives: delivery, first text and tool durations. Replays and repeats give nothing. */
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
  // An acknowledgement is no event of the agent, but its stamp tells of the server's clock like any other.
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
 * The samples of a turn at its end, in the phase of its intended time. What did not come is censored, never a
 * fast error and never left out; a turn that ended otherwise as its scenario expects gives its time to that end, and
 * one that was cut off with the run gives none: nobody waited for it.
 */
export function recordTurn(turn: Turn): void {
  const { samples } = turn;
  const sent = !Number.isNaN(turn.sentUs);
  // A message that had to wait for its channel was held up by the target or a fault, and not by us.
  if (sent && !turn.waited) samples.of("generator.send-lag").push(Math.max(0, turn.sentUs - turn.intendedUs));
  if (turn.end === "aborted") return;
  if (turn.end === "stopped" || turn.end === "waiting") {
    recordCutShort(turn);
    return;
  }
  const ended = turn.end === "completed" || isExpected(turn);
  point(samples, RESPONSE, turn, ended ? turn.endedUs : Number.NaN);
  // A completed turn that never said agent_started has a missing event, not an endless processing time.
  if (!Number.isNaN(turn.startedUs) || !ended) point(samples, PROCESSING, turn, turn.startedUs);
  // An error that was expected owes no text, and no end to its tools.
  if (!Number.isNaN(turn.firstTextUs) || !isExpected(turn))
    point(samples, FIRST_TEXT, turn, turn.firstTextUs);
  if (!Number.isNaN(turn.firstEventUs) || !isExpected(turn))
    point(samples, FIRST_EVENT, turn, turn.firstEventUs);
  recordSilence(turn);
  const unended = turn.tools?.takeUnended() ?? [];
  if (!isExpected(turn)) for (const tool of unended) durationsOf(turn, tool).censor();
}

/** No answer is owed: what came until then is measured, and nothing is missed. */
function recordCutShort(turn: Turn): void {
  const { samples } = turn;
  if (!Number.isNaN(turn.startedUs)) point(samples, PROCESSING, turn, turn.startedUs);
  if (!Number.isNaN(turn.firstTextUs)) point(samples, FIRST_TEXT, turn, turn.firstTextUs);
  if (!Number.isNaN(turn.firstEventUs)) point(samples, FIRST_EVENT, turn, turn.firstEventUs);
}

/**
 * What a stop and decisions give once the turn is over, and nothing of it can come any more. A stop is over with the last
 * sign of its turn, whatever that was; a decision that nothing followed is censored.
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

/** Those of its tools of that name; of all, where it has none. */
function durationsOf({ samples }: Turn, tool = ""): Samples {
  return (tool === "" ? samples : samples.ofTool(tool)).of("tool.duration");
}

/** The longest silence of a turn, with the one before its end; one that had no end is censored. */
function recordSilence(turn: Turn): void {
  const { samples, end, sentUs, endedUs, events, longestGapUs } = turn;
  if (end === "deadline" || end === "closed") {
    if (!Number.isNaN(sentUs)) samples.of("event.gap").censor();
    // The next piece was waited for without end; one that never showed a text lacks its first, not a further one.
    if (!Number.isNaN(turn.lastTextUs)) samples.of("chunk.gap").censor();
  } else if (events > 1 || (events > 0 && turn.silenceUs(endedUs) > 0)) {
    const untilEndUs = turn.silenceUs(endedUs);
    samples.of("event.gap").push(Math.max(longestGapUs, Number.isNaN(untilEndUs) ? 0 : untilEndUs));
  }
}

/** What a target can report of a turn, and the prices to reckon its cost by. */
export interface Reported {
  readonly usage: boolean;
  readonly tools: boolean;
  readonly prices: PriceList | undefined;
  /** Turns that completed, and what was reported of them. */
  readonly counts: UsageCounts;
}

/**
 * What a turn used, once its grace window is over: a report may follow the end. Only of turns that completed, since what
 * broke off reported a part at most; nothing that was not reported.
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

/** Limits on single turns, microseconds, from below which a turn is in time; absent metrics have none. */
export type GoodLimits = Readonly<Partial<Record<TurnLimit, number>>>;

/**
 * By how much an ended turn was over its limits, microseconds; 0 where it met all. What it never showed exceeds any limit by no
 * end, but for a start that nothing tells of.
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

/** The turn ended as it should, other than by completion: as its scenario expects, as its user asked, or by asking its user. */
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
  [metric, serviceTwin]: readonly [SampleKey, SampleKey],
  turn: Turn,
  atUs: number,
): void {
  const response = samples.of(metric);
  const service = samples.of(serviceTwin);
  if (Number.isNaN(atUs)) {
    response.censor();
    service.censor();
    return;
  }
  response.push(Math.max(0, atUs - turn.intendedUs));
  service.push(Math.max(0, atUs - turn.sentUs));
}
