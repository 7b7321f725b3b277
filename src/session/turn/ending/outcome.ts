// The outcome of a turn, from its end as seen by the user and from what settling found.

import type { CriticalEvent } from "../../../model/turn/event.js";
import { type Delivery, NO_ANOMALIES, type Outcome, type Reason } from "../../../model/turn/ledger.js";
import type { KeptTurn, SettledTurn, StoredTurn } from "../../../model/turn/turn.js";
import { isTold } from "../../../model/turn/turn-end.js";
import { defined } from "../../../support/defined.js";
import type { Turn } from "../turn.js";
import { isExpected } from "./measures.js";

interface Decision {
  readonly outcome: Outcome;
  readonly reason?: Reason;
  readonly delivery?: Delivery;
}

/**
 *   end as seen      settling found        outcome
 *   completed        –                     completed (live or replayed)
 *   no_answer        –                     failed, no_answer
 *   stopped          –                     stopped
 *   waiting          –                     waiting
 *   error            –                     failed, error_event
 *   rejected         –                     rejected, busy | refused
 *   not_sent         –                     failed, not_connected
 *   deadline, unsent –                     failed, not_connected
 *   deadline, closed late terminal         timedOut, late_terminal
 *   deadline, closed answer, channelLost   completed by history
 *   deadline         answer                timedOut, stored_answer
 *   deadline, closed nothing               lost: closed | no_events | ack_only | no_terminal
 *   aborted          –                     inFlightAtEnd
 */
function decide(turn: Turn, stored: StoredTurn | undefined): Decision {
  switch (turn.end) {
    case "completed":
      return { outcome: "completed", delivery: turn.endedByReplay ? "replayed" : "live" };
    case "stopped":
      return { outcome: "stopped" };
    case "waiting":
      return { outcome: "waiting" };
    case "no_answer":
      return { outcome: "failed", reason: "no_answer" };
    case "error":
      return { outcome: "failed", reason: "error_event" };
    case "rejected":
      return { outcome: "rejected", reason: turn.endReason ?? "refused" };
    case "not_sent":
      return { outcome: "failed", reason: turn.endReason ?? "not_connected" };
    case "aborted":
    case undefined:
      return { outcome: "inFlightAtEnd", reason: "in_flight" };
    case "deadline":
    case "closed":
      if (Number.isNaN(turn.sentUs)) return { outcome: "failed", reason: "not_connected" };
      if (turn.lateTerminal) return { outcome: "timedOut", reason: "late_terminal" };
      if ((stored?.answerRows ?? 0) > 0) {
        return turn.channelLost
          ? { outcome: "completed", delivery: "history" }
          : { outcome: "timedOut", reason: "stored_answer" };
      }
      return { outcome: "lost", reason: lostReason(turn) };
  }
}

function lostReason(turn: Turn): Reason {
  if (turn.channelLost) return "closed";
  if (turn.events > 0) return "no_terminal";
  return turn.acked ? "ack_only" : "no_events";
}

/** A rejected tool does not run, so its events are not missing. */
function missed(turn: Turn, expects: readonly CriticalEvent[]): readonly CriticalEvent[] {
  const missing = turn.missing(expects);
  const rejected = missing.length > 0 && turn.control?.asks.some(({ decision }) => decision === "reject");
  return rejected
    ? missing.filter((kind) => kind !== "tool_executing" && kind !== "tool_completed")
    : missing;
}

function controlOf({ control, lastEventUs, firstTextUs }: Turn): SettledTurn["control"] {
  if (!control) return undefined;
  const { asks, stopUs, cutOff } = control;
  const lastUs = cutOff ? Number.NaN : lastEventUs;
  const stop = control.stopping ? { stopUs } : {};
  return { ...stop, lastUs, streamed: !Number.isNaN(firstTextUs), asks };
}

export function settledTurn(
  turn: Turn,
  stored: StoredTurn | undefined,
  expects: readonly CriticalEvent[],
): SettledTurn {
  const { outcome, reason, delivery } = decide(turn, stored);
  const seenToEnd = outcome === "completed" && delivery !== "history";
  const missing = seenToEnd ? missed(turn, expects) : [];
  if (missing.length > 0) turn.count("missing", missing.length);
  if (seenToEnd && turn.unpairedTools > 0) turn.count("unpairedTool", turn.unpairedTools);
  // One literal, with rare fields added afterwards: spreads would cost a kilobyte of garbage per turn.
  const settled: { -readonly [Key in keyof SettledTurn]: SettledTurn[Key] } = {
    user: turn.user,
    turn: turn.number,
    threadId: turn.threadId,
    runId: turn.runId,
    nonce: turn.nonce,
    phase: turn.phase,
    intendedUs: turn.intendedUs,
    sentUs: turn.sentUs,
    startedUs: turn.startedUs,
    terminalUs: turn.endedUs,
    outcome,
    reason,
    delivery,
    channelLost: turn.channelLost,
    expected: isExpected(turn),
    overUs: turn.overUs,
    unexpected: outcome === "completed" && turn.expect !== "completed",
    missing,
    anomalies: turn.anomalies ?? NO_ANOMALIES,
    answerShowsNonce: turn.answerShowsNonce,
    stored,
  };
  const { errorText, quotedTurn, streamedAsFinal, message, acked, answer } = turn;
  if (errorText !== undefined) settled.told = errorText;
  if (turn.requestFailed) settled.requestFailed = true;
  if (quotedTurn >= 0 && !turn.answerShowsNonce) settled.answersTurn = quotedTurn;
  if (streamedAsFinal !== undefined) settled.streamedAsFinal = streamedAsFinal;
  const control = controlOf(turn);
  if (control) settled.control = control;
  if (turn.afterStop) settled.afterStop = true;
  if (message) settled.texts = { acked, message, answer };
  return settled;
}

/** Length of an error's text next to its turn's waterfall. */
const MAX_SHOWN = 200;

/** The turn as a waterfall; times in milliseconds, from which the caller must subtract the start barrier. */
export function keptTurn(
  turn: Turn,
  settled: Pick<SettledTurn, "outcome"> & Partial<Pick<SettledTurn, "reason">>,
): Omit<KeptTurn, "why" | "intendedMs"> {
  return {
    user: turn.user,
    turn: turn.number,
    threadId: turn.threadId.slice(0, 64),
    ...(turn.runId === undefined ? {} : { runId: turn.runId.slice(0, 64) }),
    phase: turn.phase,
    ...(Number.isNaN(turn.sentUs) ? {} : { sentAfterMs: (turn.sentUs - turn.intendedUs) / 1000 }),
    ...(Number.isNaN(turn.endedUs) ? {} : { endedAfterMs: (turn.endedUs - turn.intendedUs) / 1000 }),
    outcome: settled.outcome,
    ...(settled.reason === undefined ? {} : { reason: settled.reason }),
    ...(turn.errorText === undefined ? {} : { error: turn.errorText.slice(0, MAX_SHOWN) }),
    ...defined({ tokens: turn.usage?.told() }),
    events: turn.log(),
  };
}

/** A turn that just failed for its user, as a waterfall; `undefined` if settling may still change that. */
export function failedSoFar(turn: Turn): ReturnType<typeof keptTurn> | undefined {
  if (!isTold(turn.end) || turn.end === "completed" || isExpected(turn)) return undefined;
  return keptTurn(turn, decide(turn, undefined));
}
