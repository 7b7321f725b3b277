// The store that writes to all tiers: the database decides, then cache and analytics get the row.
import type { Analytics } from "./clickhouse-analytics.js";
import type { Cache } from "./redis-cache.js";
import type { MessageRow, Store } from "./store.js";

export type TierName = "sqlite" | "postgres" | "redis" | "clickhouse";

/** The rows that a tier writes for one message: the message itself, unless a defect says otherwise. */
export type RowsOfTier = (tier: TierName, message: MessageRow) => Promise<readonly MessageRow[]>;

export interface Tiers {
  readonly truth: Store;
  readonly truthName: "sqlite" | "postgres";
  readonly cache: Cache | undefined;
  readonly analytics: Analytics | undefined;
}

/** Wraps the source of truth: every row it accepts also goes to the other tiers. */
export function tieredStore({ truth, truthName, cache, analytics }: Tiers, rowsOfTier: RowsOfTier): Store {
  const copyInto = async (
    name: "redis" | "clickhouse",
    message: MessageRow,
    put: (row: MessageRow) => void,
  ) => {
    for (const row of await rowsOfTier(name, message)) put(row);
  };
  return {
    ...truth,
    async addMessage(message) {
      const rows = await rowsOfTier(truthName, message);
      const [first, ...others] = rows;
      if (first && !(await truth.addMessage(first))) return false;
      for (const row of others) await truth.addMessage(row);
      if (cache) await copyInto("redis", message, (row) => cache.put(row));
      if (analytics) await copyInto("clickhouse", message, (row) => analytics.message(row));
      return true;
    },
    async removeMessage(id) {
      await truth.removeMessage(id);
      cache?.remove(id);
    },
    async deleteThread(id, keepMessages) {
      await truth.deleteThread(id, keepMessages);
      cache?.forgetThread(id);
    },
    async recentMessages(threadId, limit) {
      return (await cache?.recent(threadId, limit)) ?? truth.recentMessages(threadId, limit);
    },
    async close() {
      await Promise.all([cache?.close(), analytics?.close()]);
      await truth.close();
    },
  };
}
