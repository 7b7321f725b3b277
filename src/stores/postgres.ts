// Reads PostgreSQL: read-only sessions, a time limit for each statement, and the plan of a slow one.
import type { Pool, PoolClient } from "pg";
import type { StoreSpec } from "../model/log/store.js";
import { optionalPackage } from "../support/optional-package.js";
import { faultOf, type StoreReader } from "./reader.js";
import { rowFrom } from "./row.js";
import { type SqlParameter, withParameter } from "./sql-text.js";

/** Enough for one worker's probes and batches; the store has to serve each of them. */
const CONNECTIONS = 6;
const MAX_PLAN = 3000;

/** Connects on first use. Rejects (UserError) if the package is missing. */
export async function openPostgres(spec: StoreSpec): Promise<StoreReader> {
  const { default: pg } = await optionalPackage("pg", "the store postgres", () => import("pg"));
  const timeoutMs = Math.ceil(spec.timeoutUs / 1000);
  const pool = new pg.Pool({
    connectionString: spec.secretUrl,
    max: CONNECTIONS,
    connectionTimeoutMillis: timeoutMs,
    // A server that is gone does not answer a cancellation: the client gives up on its own a little later.
    query_timeout: timeoutMs + 500,
    application_name: "gp-load",
    allowExitOnIdle: true,
  });
  pool.on("error", () => undefined);
  /** Sessions set to read-only in a way that settings in the URL cannot override. */
  const bounded = new WeakSet<object>();
  const ask = async (sql: string, ids: readonly string[]) => {
    let client: PoolClient | undefined;
    try {
      client = await pool.connect();
      if (!bounded.has(client)) {
        await client.query(`SET default_transaction_read_only = on; SET statement_timeout = ${timeoutMs}`);
        bounded.add(client);
      }
      const { rows } = await client.query<Record<string, unknown>>(sql, [ids.filter(isStorable)]);
      client.release();
      return rows;
    } catch (error) {
      // The state of the session is unknown: the next query gets a new one.
      client?.release(true);
      throw faultOf(spec, error);
    }
  };
  const find = async (query: string, parameter: SqlParameter, ids: readonly string[], most: number) => {
    const sql = `SELECT * FROM (${parametrised(query, parameter)}) AS gp_load_rows LIMIT ${most + 1}`;
    const rows = await ask(sql, ids);
    return { rows: rows.slice(0, most).map((row) => rowFrom(row)), cut: rows.length > most };
  };
  const { byMessage } = spec;
  return {
    store: "postgres",
    byThreads: (ids, most) => find(spec.byThread, "threads", ids, most),
    ...(byMessage === undefined
      ? {}
      : { byMessages: (ids: readonly string[], most: number) => find(byMessage, "messages", ids, most) }),
    async explain(ids) {
      const rows = await ask(`EXPLAIN ${parametrised(spec.byThread, "threads")}`, ids);
      return rows
        .map((row) => String(row["QUERY PLAN"]))
        .join("\n")
        .slice(0, MAX_PLAN);
    },
    close: () => closed(pool),
  };
}

const parametrised = (query: string, parameter: SqlParameter): string =>
  withParameter(query, parameter, "$1");

/** A hanging connection must not keep a run from ending. */
async function closed(pool: Pool): Promise<void> {
  await Promise.race([pool.end(), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
}

/** PostgreSQL stores no text with NUL, so no row can have such an id. */
function isStorable(id: string): boolean {
  return !id.includes("\0");
}
