// Holds the write lock of a SQLite file, as a stuck migration or backup would: who wants to write is refused.
import Database from "libsql";

/** @returns what lets go of the lock. Throws when the lock cannot be had within two seconds. */
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
