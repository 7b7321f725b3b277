// Whether a later message of the same thread was answered first.
import type { SettledTurn } from "../model/turn/turn.js";

interface Answered {
  readonly turn: number;
  readonly terminalUs: number;
}

/** By thread: the latest message that was answered so far, and when its answer ended. */
export type Latest = Map<string, Answered>;

/**
 * Turns of a thread arrive here as they ended. An answer is overtaken when that of a later message ended before
 * it; a message that was refused, failed or never answered overtakes nothing.
 * @returns the later message whose answer came first; `undefined` for an answer in its place
 */
export function overtakenBy(
  { threadId, turn, terminalUs }: SettledTurn,
  threads: Latest,
): Answered | undefined {
  const latest = threads.get(threadId);
  if (latest && turn <= latest.turn) return terminalUs < latest.terminalUs ? undefined : latest;
  threads.set(threadId, { turn, terminalUs });
  return undefined;
}
