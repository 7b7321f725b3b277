// Checks the pages of a whole thread: each row once, each completed message once, in order.

import type { LookupFault } from "../../model/log/observation.js";
import type { NonceCodec } from "../../model/turn/nonce.js";
import { readNonces } from "../../model/turn/nonce-reader.js";
import type { HistoryRow } from "../../profiles/profile.js";
import type { Thread } from "../turn/thread.js";

export interface Pages {
  /** Rows of each page, as received. */
  readonly pages: readonly (readonly HistoryRow[])[];
  /** Number of rows according to the service; `undefined` if it does not say, or rows changed meanwhile. */
  readonly total: number | undefined;
  /** Nothing was added while the pages were read, so they cannot have shifted. */
  readonly quiet: boolean;
  readonly order: "asc" | "desc";
}

/**
 * Faults of one reading. A turn whose message is missing or duplicated is forgotten, so that it is reported only once.
 */
export function pagedFaults(read: Pages, thread: Thread, codec: NonceCodec): readonly LookupFault[] {
  const { pages, total, quiet } = read;
  const { unique, sameTwice, again } = uniqueRows(pages);
  const faults: LookupFault[] = [];
  if (sameTwice > 0)
    faults.push(fault("duplicate-row", "each row once", `${sameTwice} rows twice on one page`));
  if (quiet && again > 0)
    faults.push(fault("duplicate-row", "each row on one page", `${again} rows on more than one`));
  if (quiet && total !== undefined && unique.length < total)
    faults.push(fault("skipped-row", `${total} rows, as the service says`, `${unique.length} on its pages`));
  return [...faults, ...messageFaults(unique, read.order, thread, codec)];
}

/** Unique rows, and how many were repeated: on the same page, and on another one. */
function uniqueRows(pages: Pages["pages"]): {
  readonly unique: readonly HistoryRow[];
  readonly sameTwice: number;
  readonly again: number;
} {
  const before = new Set<string>();
  const unique: HistoryRow[] = [];
  let sameTwice = 0;
  let again = 0;
  for (const page of pages) {
    const here = new Set<string>();
    for (const row of page) {
      if (row.id !== "" && here.has(row.id)) sameTwice++;
      else if (row.id !== "" && before.has(row.id)) again++;
      else unique.push(row);
      here.add(row.id);
    }
    for (const id of here) before.add(id);
  }
  return { unique, sameTwice, again };
}

/** Whether the message of any completed turn is on none of the pages. */
export function lacksMessages(pages: Pages["pages"], thread: Thread, codec: NonceCodec): boolean {
  const shown = new Set(pages.flatMap((page) => turnsOf(page, thread.user, codec)));
  return thread.remembered.some(({ number }) => !shown.has(number));
}

function messageFaults(
  rows: readonly HistoryRow[],
  order: Pages["order"],
  thread: Thread,
  codec: NonceCodec,
): readonly LookupFault[] {
  const faults: LookupFault[] = [];
  const messages = turnsOf(order === "asc" ? rows : [...rows].reverse(), thread.user, codec);
  const counts = new Map<number, number>();
  for (const turn of messages) counts.set(turn, (counts.get(turn) ?? 0) + 1);
  const kept = thread.remembered.filter(({ number }) => {
    const count = counts.get(number) ?? 0;
    if (count === 0) faults.push(fault("message-missing", "the message once", "not on any page", number));
    if (count > 1) faults.push(fault("duplicate-message", "the message once", `${count} rows of it`, number));
    return count === 1;
  });
  thread.remembered.splice(0, thread.remembered.length, ...kept);
  const once = messages.filter((turn) => counts.get(turn) === 1);
  const late = once.find((turn, at) => at > 0 && turn < (once[at - 1] ?? 0));
  if (late !== undefined)
    faults.push(fault("wrong-order", "messages as they were sent", "behind a later one", late));
  return faults;
}

/** Turn numbers of the user's own messages in the rows, in order. */
function turnsOf(rows: readonly HistoryRow[], user: number, codec: NonceCodec): readonly number[] {
  return rows.flatMap(({ role, text }) => {
    if (role !== "user") return [];
    const turns: number[] = [];
    readNonces(codec, text, (owner) => {
      if (owner.user === user && turns.length === 0) turns.push(owner.turn);
    });
    return turns;
  });
}

const MESSAGES = {
  "duplicate-row": "pages of a thread repeat rows",
  "skipped-row": "pages of a thread leave rows out",
  "message-missing": "completed messages are on no page of their thread",
  "duplicate-message": "messages stand in their thread more than once",
  "wrong-order": "messages stand in another order than they were sent in",
} as const;

function fault(code: keyof typeof MESSAGES, expected: string, seen: string, turn?: number): LookupFault {
  return { code, message: MESSAGES[code], turn, expected, seen };
}
