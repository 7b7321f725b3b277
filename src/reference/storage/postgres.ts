// Statements on PostgreSQL over a pool of connections: whatever fails is "the database is away".
import type { Pool } from "pg";
import { optionalPackage } from "../../support/optional-package.js";
import { migrate, POSTGRES_SCHEMA } from "./postgres-schema.js";
import type { Param, Sql } from "./sql-store.js";
import { StoreUnavailable } from "./store.js";

const CONNECTIONS = 20;
/** A database that does not answer is away: its callers try again or say so. */
const PATIENCE_MS = 3000;

/** Connects and migrates. Rejects when that cannot be done, with an error that holds no password. */
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
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
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
