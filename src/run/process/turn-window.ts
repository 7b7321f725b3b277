// When one turn was open, as workers report it for the accounting of model calls.

import { isTold } from "../../model/turn/turn-end.js";
import type { Turn } from "../../session/turn/turn.js";

/** How it ended: completed; otherwise, but its user saw it end; its user waited in vain; or it was cut off with the run. */
export const WINDOW_ENDS = ["completed", "seen", "unseen", "aborted"] as const;
type WindowEnd = (typeof WINDOW_ENDS)[number];

/** User, the user's own count of turns, key of the phase, sent and ended in monotonic microseconds, and how it ended. */
export type TurnWindow = readonly [
  user: number,
  turn: number,
  phase: string,
  sentUs: number,
  endedUs: number,
  end: WindowEnd,
];

/**
 * The window of a turn that has ended; `undefined` if it was never sent, or waits for a decision: later model calls still
 * belong to this turn.
 * @param endedUs when it ended, even if its user saw no end
 */
export function windowOf(
  { user, number, phase, sentUs, end }: Turn,
  endedUs: number,
): TurnWindow | undefined {
  if (Number.isNaN(sentUs) || end === "waiting") return undefined;
  const plain = end === "completed" || end === "aborted";
  return [user, number, phase, sentUs, endedUs, plain ? end : isTold(end) ? "seen" : "unseen"];
}
