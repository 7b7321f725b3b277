// The table of stores: to add one, write its reader and its kind, and add its line here.
import type { StoreName, StoreSpec } from "../model/log/store.js";
import type { StoreAxis } from "../scenarios/axes.js";
import { openClickhouse } from "./clickhouse.js";
import { openPostgres } from "./postgres.js";
import type { StoreReader } from "./reader.js";
import { openRedis } from "./redis.js";
import { KINDS, storeSchema } from "./schema.js";

interface StoreEntry extends StoreAxis {
  /** Connects on first use. Rejects if the client's package is missing or a file in the URL cannot be read. */
  readonly open: (spec: StoreSpec) => Promise<StoreReader>;
}

export const STORES = {
  postgres: {
    summary: "PostgreSQL, by SQL",
    schema: (profile: string) => storeSchema(KINDS.postgres, profile),
    open: openPostgres,
  },
  redis: {
    summary: "Redis, by keys",
    schema: (profile: string) => storeSchema(KINDS.redis, profile),
    open: openRedis,
  },
  clickhouse: {
    summary: "ClickHouse, by SQL",
    schema: (profile: string) => storeSchema(KINDS.clickhouse, profile),
    open: openClickhouse,
  },
} as const satisfies Record<StoreName, StoreEntry>;

/** A reader for the store. */
export function openStore(spec: StoreSpec): Promise<StoreReader> {
  return STORES[spec.store].open(spec);
}
