// Stops a run for its user: at once if it is waiting, otherwise at its next step.
import type { StopFrame } from "../socket/client-frames.js";
import type { Connection } from "../socket/connection.js";
import type { RunShelf } from "./run-shelf.js";

/** @returns whether the user has such a run in progress */
export function stopRun(shelf: RunShelf, { identity }: Connection, { runId, messageId }: StopFrame): boolean {
  const run = shelf
    .ofUser(identity.userId)
    .find((one) => (runId === undefined ? one.messageId === messageId : one.id === runId));
  if (!run || run.endedUs !== undefined) return false;
  run.stop.abort();
  return true;
}
