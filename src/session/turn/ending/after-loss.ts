// Open turns after their channel is lost and restored: requests missed events, or sends the message again.
import type { Protocol } from "../../../profiles/profile.js";
import type { Turn } from "../turn.js";

/** Marks turns whose channel was lost or left. */
export function markLost(open: readonly Turn[]): void {
  for (const turn of open) if (turn.end === undefined) turn.channelLost = true;
}

/**
 * On a restored channel: requests the events after the last one, if the protocol supports that, and sends messages without
 * any reaction again, if their ids prevent double processing.
 */
export function askAgain(open: readonly Turn[], protocol: Protocol, send: (frame: string) => void): void {
  for (const turn of open) {
    if (turn.end !== undefined || !turn.channelLost) continue;
    if (turn.unanswered !== undefined) send(turn.unanswered);
    else resume(turn, protocol, send);
  }
}

/** The service already had a message sent twice: requests its events since then. */
export function acknowledged(turn: Turn, protocol: Protocol, send: (frame: string) => void): void {
  if (turn.channelLost && turn.end === undefined) resume(turn, protocol, send);
}

function resume(turn: Turn, protocol: Protocol, send: (frame: string) => void): void {
  const frame = turn.runId === undefined ? undefined : protocol.encodeResume(turn.runId, turn.lastSeq);
  if (frame !== undefined) send(frame);
}
