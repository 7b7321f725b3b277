-- The tables and indexes of the SQLite store; run at every start.
CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, org TEXT NOT NULL, password_hash TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS refresh_tokens (
  hash TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires_us INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS threads (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL, title TEXT NOT NULL, metadata TEXT NOT NULL, created_us INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS threads_by_user ON threads (user_id, created_us);
CREATE TABLE IF NOT EXISTS messages (
  id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, user_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL,
  metadata TEXT NOT NULL, created_us INTEGER NOT NULL, client_id TEXT, run_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (thread_id, created_us, id);
CREATE INDEX IF NOT EXISTS messages_by_user ON messages (user_id, created_us, id);
CREATE UNIQUE INDEX IF NOT EXISTS messages_by_client_id ON messages (user_id, client_id) WHERE client_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS open_runs (
  run_id TEXT PRIMARY KEY, owner TEXT NOT NULL, message_id TEXT NOT NULL, weight TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS open_asks (
  run_id TEXT NOT NULL, ask_id TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (run_id, ask_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (
  thread_id TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL, previous TEXT,
  PRIMARY KEY (thread_id, subject)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facts_by_subject ON facts (subject);
