// Where a turn is, for the evidence of a finding.
import type { Evidence } from "../model/turn/finding.js";
import type { SettledTurn } from "../model/turn/turn.js";

/** Ids are the target's: cut. */
const ID_LENGTH = 64;

/** @param atUs the instant that the finding is about, on the monotonic clock */
export function placeOf(
  { user, turn, threadId, runId }: Pick<SettledTurn, "user" | "turn" | "threadId" | "runId">,
  atUs: number,
): Evidence & { readonly atUs: number } {
  const run = runId === undefined ? {} : { runId: runId.slice(0, ID_LENGTH) };
  return { user, turn, thread: threadId.slice(0, ID_LENGTH), ...run, atUs };
}
