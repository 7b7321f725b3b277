// The defects of single stores: what one store makes of a message that the others keep properly.
import { randomUUID } from "node:crypto";
import type { DefectBook } from "../defects/book.js";
import type { MessageRow, Store } from "../storage/store.js";
import type { TierName } from "../storage/tiers.js";

/** The rows that this store is to write for one message: normally the message itself. */
export async function sabotagedRows(
  store: TierName,
  message: MessageRow,
  truth: Store,
  defects: DefectBook,
): Promise<readonly MessageRow[]> {
  const { id, userId, threadId, runId, role } = message;
  const hit = { userId, threadId, runId, detail: `${role} row ${id} in ${store}` };
  const applies = (params: { store: string; role: string }): boolean =>
    (params.store === "" || params.store === store) && (params.role === "" || params.role === role);
  if (defects.claim("store-row-lost", hit, applies)) return [];
  const rows = [message];
  const copy = (): MessageRow => ({ ...message, id: randomUUID(), clientId: undefined });
  if (defects.claim("store-row-doubled", hit, applies)) rows.push(copy());
  if (defects.claim("store-row-altered", hit, applies)) {
    const { content } = message;
    rows[0] = { ...message, content: `${content.slice(0, 20)} [altered] ${content.slice(20)}` };
  }
  const foreign = defects.reserve("store-row-foreign", hit, applies);
  if (foreign) {
    const thread = await truth.foreignThread(userId);
    if (thread) {
      rows.push({ ...copy(), threadId: thread.id, userId: thread.userId });
      foreign.commit(`${role} row in ${store}, thread ${thread.id} of user ${thread.userId}`);
    } else foreign.release();
  }
  return rows;
}
