// The message of an access probe, and the rows that result if it is accepted.
import type { HistoryRow, Message } from "../../profiles/profile.js";

/** Start of every probe's message id, which distinguishes its answers from those of turns. */
export const PROBE_ID = "access-probe-";
export const PROBE_TEXT =
  "Access probe: this message goes to a conversation of somebody else, and must be refused.";

/** Whether a stored row comes from a probe that was accepted: its message, or the answer to it. */
export function isOfProbe({ text, links }: HistoryRow): boolean {
  return text === PROBE_TEXT || links.some((link) => link.startsWith(PROBE_ID));
}

/** A message that belongs to no turn. Adds the mark of probes to `id` if it is missing. */
export function probeMessage(threadId: string, id: string, text = PROBE_TEXT): Message {
  const messageId = id.startsWith(PROBE_ID) ? id : PROBE_ID + id;
  return { text, threadId, messageId, metadata: undefined };
}
