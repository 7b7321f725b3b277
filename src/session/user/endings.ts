// How a turn ends for its user: by one of its events, or because its own stream has ended.
import type { AgentEvent } from "../../model/turn/event.js";
import type { TurnEnd } from "../../model/turn/turn-end.js";
import type { Capabilities } from "../../profiles/profile.js";
import type { StreamEnd } from "../../wire/http/sse.js";
import type { Turn } from "../turn/turn.js";

/** How an event ends its turn, which also gets the reason; `undefined` if it goes on, or has already ended. */
export function endBy(event: AgentEvent, turn: Turn, capabilities: Capabilities): TurnEnd | undefined {
  const { kind } = event;
  if (kind === "stopped" && turn.end === undefined) return turn.control?.stopping ? "stopped" : "error";
  if (kind !== "agent_completed" && kind !== "agent_error" && kind !== "rejected") return undefined;
  if (turn.end !== undefined) {
    turn.lateTerminal ||= turn.end === "deadline" || turn.end === "closed";
    return undefined;
  }
  const began = !Number.isNaN(turn.startedUs);
  // The service no longer knows the run: that is not its end, and the history will show what happened to it.
  if (kind === "rejected" && turn.channelLost && (began || turn.acked) && event.runId !== undefined)
    return "closed";
  turn.endedByReplay = event.replayed || turn.channelLost;
  if (kind === "agent_completed") return normalEnd(turn, capabilities);
  // A refusal after work began is a failure, not a rejection.
  if (kind === "agent_error" || began) return "error";
  turn.endReason = event.errorCode?.includes("busy") ? "busy" : "refused";
  return "rejected";
}

/** Text may be missing from the answer because the channel was lost. */
function normalEnd(turn: Turn, { emptyAnswers }: Capabilities): "completed" | "no_answer" {
  if (!Number.isNaN(turn.firstTextUs) || turn.channelLost) return "completed";
  const answered = emptyAnswers === "unread" ? turn.pieces > 0 : emptyAnswers !== undefined;
  return answered ? "completed" : "no_answer";
}

/** How a turn ends with its stream, if the protocol does not define that. */
export function endByStream({ kind }: StreamEnd, turn: Turn): TurnEnd {
  if (kind === "unreachable" && turn.events === 0 && !turn.channelLost) {
    turn.endReason = "not_connected";
    return "not_sent";
  }
  turn.channelLost ||= kind !== "ended";
  return "closed";
}
