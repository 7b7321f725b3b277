// Opens the configured stores: SQLite or PostgreSQL as the source of truth, Redis and ClickHouse as copies.
import type { Logger } from "pino";
import { messageOf } from "../../support/errors.js";
import type { Settings } from "../options.js";
import { openAnalytics } from "./clickhouse-analytics.js";
import { openPostgres } from "./postgres.js";
import { openRedisCache } from "./redis-cache.js";
import { createSqlStore } from "./sql-store.js";
import { openSqlite } from "./sqlite.js";
import type { Tiers } from "./tiers.js";

/** Rejects if one of them is unusable; then none is left open. */
export async function openTiers(settings: Settings, databasePath: string, log: Logger): Promise<Tiers> {
  const { databaseUrl, redisUrl, clickhouseUrl } = settings;
  const opened: { close(): Promise<void> }[] = [];
  const open = async <T extends { close(): Promise<void> }>(
    what: string,
    opening: Promise<T>,
  ): Promise<T> => {
    const store = await opening.catch((error: unknown) => {
      throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
    });
    opened.push(store);
    return store;
  };
  const troubled = (store: string) => (error: unknown) =>
    log.warn(
      { store, error: messageOf(error) },
      "a store is unavailable; its missing rows are kept for later",
    );
  try {
    const sql =
      databaseUrl === undefined
        ? openSqlite(databasePath, settings.databasePath !== undefined)
        : await open("the database", openPostgres(databaseUrl));
    opened.push(sql);
    return {
      truth: createSqlStore(sql),
      truthName: databaseUrl === undefined ? "sqlite" : "postgres",
      cache:
        redisUrl === undefined ? undefined : await open("Redis", openRedisCache(redisUrl, troubled("redis"))),
      analytics:
        clickhouseUrl === undefined
          ? undefined
          : await open("ClickHouse", openAnalytics(clickhouseUrl, troubled("clickhouse"))),
    };
  } catch (error) {
    for (const store of new Set(opened)) await store.close();
    throw error;
  }
}
