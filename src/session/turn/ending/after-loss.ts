// What becomes of the turns under way when their channel is lost and comes back: asked for again, or sent again.
import type { Protocol } from "../../../profiles/profile.js";
import type { Turn } from "../turn.js";

/** Their channel is lost, or left. */
export function markLost(open: readonly Turn[]): void {
  for (const turn of open) if (turn.end === undefined) turn.channelLost = true;
}

/**
 * On a channel that is ready again: what the service has taken up is asked for from the last event on, where the protocol
 * can; a message of which nothing was heard is sent once more, where its id keeps it from being taken up twice.
 */
export function askAgain(open: readonly Turn[], protocol: Protocol, send: (frame: string) => void): void {
  for (const turn of open) {
    if (turn.end !== undefined || !turn.channelLost) continue;
    if (turn.unanswered !== undefined) send(turn.unanswered);
    else resume(turn, protocol, send);
  }
}

/** The service has a message that was sent twice: what it had said of it meanwhile is asked for. */
export function acknowledged(turn: Turn, protocol: Protocol, send: (frame: string) => void): void {
  if (turn.channelLost && turn.end === undefined) resume(turn, protocol, send);
}

function resume(turn: Turn, protocol: Protocol, send: (frame: string) => void): void {
  const frame = turn.runId === undefined ? undefined : protocol.encodeResume(turn.runId, turn.lastSeq);
  if (frame !== undefined) send(frame);
}
