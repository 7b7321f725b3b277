// Statements on PostgreSQL over a pool of connections: any failure means "the database is unavailable".
import type { Pool } from "pg";
import { optionalPackage } from "../../support/optional-package.js";
import { migrate, POSTGRES_SCHEMA } from "./postgres-schema.js";
import type { Param, Sql } from "./sql-store.js";
import { StoreUnavailable } from "./store.js";

const CONNECTIONS = 20;
/** A database that does not answer in time is unavailable: callers retry or report that. */
const PATIENCE_MS = 3000;

/** Connects and migrates. Rejects if it cannot, with an error that contains no password. */
export async function openPostgres(url: string): Promise<Sql> {
  const { default: pg } = await optionalPackage("pg", "a database URL", () => import("pg"));
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    options: `-c search_path=${POSTGRES_SCHEMA}`,
    allowExitOnIdle: true,
  });
  // A broken idle connection is replaced at the next use; without a listener, it would crash the process.
  pool.on("error", () => undefined);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return statements(pool);
}

function statements(pool: Pool): Sql {
  const query = async (sql: string, params: Param[]) => {
    try {
      return await pool.query<Record<string, unknown>>(sql, params);
    } catch (error) {
      throw new StoreUnavailable("the database refused a statement", { cause: error });
    }
  };
  return {
    all: async (sql, ...params) => (await query(sql, params)).rows,
    get: async (sql, ...params) => (await query(sql, params)).rows[0],
    run: async (sql, ...params) => (await query(sql, params)).rowCount ?? 0,
    close: () => pool.end(),
  };
}
