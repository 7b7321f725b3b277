// The defect `store-unavailable`: wraps the store so that its calls fail or hang while it is on.
import { randomUUID } from "node:crypto";
import type { DefectBook } from "../defects/book.js";
import { type MessageRow, type Store, StoreUnavailable } from "../storage/store.js";
import type { TierName } from "../storage/tiers.js";

/** The same store, but every call except `close` first checks the defect. */
export function sabotagedStore(store: Store, defects: DefectBook): Store {
  return new Proxy(store, {
    get(target, property, receiver) {
      const value = Reflect.get(target, property, receiver);
      if (typeof value !== "function" || property === "close") return value;
      return (...args: unknown[]) => {
        const params = defects.claim("store-unavailable", { detail: String(property) });
        if (!params) return Reflect.apply(value, target, args);
        if (params.hang) return new Promise(() => {});
        return Promise.reject(new StoreUnavailable("the database is away"));
      };
    },
  });
}

/** The rows that this store writes for one message: normally the message itself. */
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
