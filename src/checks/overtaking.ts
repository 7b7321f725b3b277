// Whether a later message of the same thread was answered first.
import type { SettledTurn } from "../model/turn/turn.js";

interface Answered {
  readonly turn: number;
  readonly terminalUs: number;
}

/** By thread: the latest message answered so far, and the end of its answer. */
export type Latest = Map<string, Answered>;

/**
 * Turns of a thread come in the order of their ends. An answer is overtaken if the answer to a later message ended first;
 * a message that was refused, failed or never answered overtakes nothing.
 * @returns the later message that was answered first, if there is one
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
