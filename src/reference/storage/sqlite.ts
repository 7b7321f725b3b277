// Statements on one SQLite file in WAL mode, called synchronously, and a lock that keeps everyone else from writing.
import { readFileSync } from "node:fs";
import Database from "libsql";
import type { Row } from "./rows.js";
import type { Param, Sql } from "./sql-store.js";
import { StoreUnavailable } from "./store.js";

/** Opens (and creates) the file. Throws if it cannot be opened or is not a database. */
export function openSqlite(path: string, durable: boolean): Sql {
  const database = new Database(path);
  for (const pragma of pragmas(durable)) database.exec(pragma);
  database.exec(readFileSync(new URL("sqlite.sql", import.meta.url), "utf8"));
  // No other process knows about a temporary file, so none can lock it.
  const write = durable
    ? (work: () => number): number => alone(database, work)
    : (work: () => number) => work();
  const prepared = new Map<string, Database.Statement>();
  const ask = async <T>(sql: string, use: (statement: Database.Statement) => T): Promise<T> => {
    try {
      const statement = prepared.get(sql) ?? database.prepare(inSqlite(sql));
      prepared.set(sql, statement);
      return use(statement);
    } catch (error) {
      throw new StoreUnavailable("the database refused a statement", { cause: error });
    }
  };
  return {
    all: (sql, ...params: Param[]) => ask(sql, (statement) => statement.all(...params) as Row[]),
    get: (sql, ...params) => ask(sql, (statement) => statement.get(...params) as Row | undefined),
    run: (sql, ...params) => ask(sql, (statement) => write(() => statement.run(...params).changes)),
    close: async () => {
      database.close();
    },
  };
}

/** Converts a statement from PostgreSQL's dialect to SQLite's, whose `LIKE` ignores the case of ASCII letters. */
function inSqlite(sql: string): string {
  return sql
    .replace(/::\w+/g, "")
    .replace(/\$(\d+)/g, "?$1")
    .replaceAll("ILIKE", "LIKE");
}

/**
 * A statement that finds the file locked stays half-started in libsql, and writes of other statements meanwhile are lost
 * with it, although they report success. So the lock is taken first, by a statement without side effects.
 */
function alone(database: Database.Database, work: () => number): number {
  database.exec("BEGIN IMMEDIATE");
  try {
    const changes = work();
    database.exec("COMMIT");
    return changes;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Holds the write lock of a file, like a stuck migration or backup: writes are refused.
 * @returns a function that releases the lock. Throws if the lock is not available within two seconds.
 */
export function lockSqlite(path: string): () => void {
  const database = new Database(path);
  try {
    database.exec("PRAGMA busy_timeout = 2000");
    database.exec("BEGIN IMMEDIATE");
  } catch (error) {
    database.close();
    throw error;
  }
  return () => {
    database.exec("ROLLBACK");
    database.close();
  };
}

/**
 * `durable` false is for a temporary file: it is not read after a crash, so nothing waits for the disk.
 * Nothing else writes to the file: a locked one is an error at once, since every wait here blocks all users.
 * With true, NORMAL in WAL mode can lose the last commits to a power cut but never corrupts the file.
 */
function pragmas(durable: boolean): string[] {
  return [
    "PRAGMA journal_mode = WAL",
    `PRAGMA synchronous = ${durable ? "NORMAL" : "OFF"}`,
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    "PRAGMA busy_timeout = 5",
  ];
}
