-- The first migration of the PostgreSQL store: its tables and indexes.
CREATE TABLE users (
  id text PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL, org text NOT NULL, password_hash text NOT NULL
);
CREATE TABLE refresh_tokens (
  hash text PRIMARY KEY, user_id text NOT NULL, expires_us bigint NOT NULL
);
CREATE TABLE threads (
  id text PRIMARY KEY, user_id text NOT NULL, title text NOT NULL, metadata jsonb NOT NULL, created_us bigint NOT NULL
);
CREATE INDEX threads_by_user ON threads (user_id, created_us);
CREATE INDEX threads_by_time ON threads (created_us);
CREATE TABLE messages (
  id text PRIMARY KEY, thread_id text NOT NULL, user_id text NOT NULL, role text NOT NULL, content text NOT NULL,
  metadata jsonb NOT NULL, created_us bigint NOT NULL, client_id text, run_id text NOT NULL
);
CREATE INDEX messages_by_thread ON messages (thread_id, created_us, id);
CREATE INDEX messages_by_user ON messages (user_id, created_us, id);
CREATE UNIQUE INDEX messages_by_client_id ON messages (user_id, client_id) WHERE client_id IS NOT NULL;
CREATE TABLE facts (
  thread_id text NOT NULL, subject text NOT NULL, value text NOT NULL, previous text, PRIMARY KEY (thread_id, subject)
);
CREATE INDEX facts_by_subject ON facts (subject);
