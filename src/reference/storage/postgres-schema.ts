// The PostgreSQL tables in their own schema, created and changed by numbered migrations under a lock.
import { readFileSync } from "node:fs";
import type { Pool } from "pg";

/** All tables are in this schema, separate from anything else in the database. */
export const POSTGRES_SCHEMA = "gp_load_reference";

/** An arbitrary number that no other program uses for its lock. */
const LOCK = 7_406_531;

/** Applied in order, each once. Never change an entry; only add new ones. */
const MIGRATIONS: readonly string[] = [
  readFileSync(new URL("postgres.sql", import.meta.url), "utf8"),
  // Messages and answers by the client's message id: finds a row without knowing its thread.
  "CREATE INDEX messages_by_message_id ON messages ((metadata->>'message_id'));",
  // Runs in progress, for the successor of a killed process.
  "CREATE TABLE open_runs (run_id text PRIMARY KEY, owner text NOT NULL, message_id text NOT NULL, weight text NOT NULL);",
  "CREATE TABLE open_asks (run_id text, ask_id text, decision text NOT NULL, PRIMARY KEY (run_id, ask_id));",
];

/** Brings the schema up to date; several backends may start at once. Rejects if the database is unusable. */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${POSTGRES_SCHEMA}`);
    await client.query(
      "CREATE TABLE IF NOT EXISTS migrations (version int PRIMARY KEY, applied_at timestamptz)",
    );
    const { rows } = await client.query<{ version: number }>(
      "SELECT coalesce(max(version), 0) AS version FROM migrations",
    );
    const done = rows[0]?.version ?? 0;
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < done) continue;
      await client.query(sql);
      await client.query("INSERT INTO migrations VALUES ($1, now())", [index + 1]);
    }
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}
