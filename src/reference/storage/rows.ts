// Converts database rows to the store's row types.
import type { Fact, MessageRow, OpenRun, Role, ThreadRow, UserRow } from "./store.js";

export type Row = Record<string, unknown>;

/** SQLite keeps JSON as text; PostgreSQL and Redis return it as data. */
function metadataFrom(value: unknown): Record<string, unknown> {
  return (typeof value === "string" ? JSON.parse(value) : value) as Record<string, unknown>;
}

export function userFrom(row: Row | undefined): UserRow | undefined {
  if (!row) return undefined;
  return {
    id: String(row.id),
    email: String(row.email),
    name: String(row.name),
    org: String(row.org),
    passwordHash: String(row.password_hash),
  };
}

export function threadFrom(row: Row | undefined): ThreadRow | undefined {
  if (!row) return undefined;
  return {
    id: String(row.id),
    userId: String(row.user_id),
    title: String(row.title),
    metadata: metadataFrom(row.metadata),
    createdUs: Number(row.created_us),
  };
}

export function messageFrom(row: Row | undefined): MessageRow | undefined {
  return row && messageOf(row);
}

export function messageOf(row: Row): MessageRow {
  return {
    id: String(row.id),
    threadId: String(row.thread_id),
    userId: String(row.user_id),
    role: row.role as Role,
    content: String(row.content),
    metadata: metadataFrom(row.metadata),
    createdUs: Number(row.created_us),
    clientId: row.client_id === null || row.client_id === undefined ? undefined : String(row.client_id),
    runId: String(row.run_id),
  };
}

export function askFrom(row: Row): readonly [askId: string, decision: string] {
  return [String(row.ask_id), String(row.decision)];
}

export function openRunFrom(row: Row): OpenRun {
  return { message: messageOf(row), weight: row.weight as OpenRun["weight"] };
}

export function factFrom(row: Row): Fact {
  return {
    subject: String(row.subject),
    value: String(row.value),
    previous: row.previous === null ? undefined : String(row.previous),
  };
}
