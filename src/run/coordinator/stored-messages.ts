// The messages to be stored before the load, over all workers: how many were stored, and what failed.
import type { NotChecked } from "../../model/log/run-log.js";
import { formatCount } from "../../support/units.js";
import type { Stored } from "../process/messages.js";

interface StoredMessages {
  /** For the log and the view; `undefined` if none were requested. */
  readonly note: string | undefined;
  readonly notChecked: readonly NotChecked[];
}

export function storedMessagesOf(
  wanted: number | undefined,
  workers: readonly { readonly stored?: Stored | undefined }[],
): StoredMessages {
  if (wanted === undefined) return { note: undefined, notChecked: [] };
  const stored = workers.reduce((sum, worker) => sum + (worker.stored?.stored ?? 0), 0);
  const why = workers.find((worker) => worker.stored?.why !== undefined)?.stored?.why;
  const note = `${formatCount(stored)} of ${formatCount(wanted)} earlier messages are stored`;
  if (stored >= wanted) return { note, notChecked: [] };
  const name = `searches among ${formatCount(wanted)} stored messages`;
  return {
    note,
    notChecked: [{ name, why: `only ${formatCount(stored)} could be stored: ${why ?? "no user was ready"}` }],
  };
}
