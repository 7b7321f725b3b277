// One stored message in a common form, whatever the store calls its columns or keys.

import { jsonOrNothing, parseJson } from "../support/json.js";

export interface StoredRow {
  /** Empty if the store has none. */
  readonly id: string;
  readonly threadId: string;
  /** Empty if unknown. */
  readonly userId: string;
  readonly role: "user" | "assistant" | "other";
  /** `undefined` if the store keeps no text. */
  readonly text: string | undefined;
  /** Ids of the message or run that the row belongs to, if it names them. */
  readonly links: readonly string[];
}

const ROLES: Readonly<Record<string, StoredRow["role"]>> = {
  user: "user",
  human: "user",
  assistant: "assistant",
  ai: "assistant",
  agent: "assistant",
};
/** Longer texts are cut: what the store sends is not trusted. */
const MAX_TEXT = 1_048_576;
const MAX_ID = 512;

/**
 * Reads a row by the names `id`, `thread_id`, `user_id`, `role`, `text` (or `content`), `run_id`, `message_id`;
 * the last two are also looked up in `metadata`. `threadId` is the thread whose key it was found by.
 */
export function rowFrom(record: Readonly<Record<string, unknown>>, threadId = ""): StoredRow {
  const metadata = asRecord(record.metadata);
  const links = [record.message_id, metadata.message_id, record.run_id, metadata.run_id]
    .map(idOf)
    .filter((id) => id !== "");
  return {
    id: idOf(record.id),
    threadId: threadId || idOf(record.thread_id),
    userId: idOf(record.user_id) || idOf(metadata.user_id),
    role: ROLES[idOf(record.role).toLowerCase()] ?? "other",
    text: textOf(record.text ?? record.content),
    links: [...new Set(links)],
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = typeof value === "string" && value.startsWith("{") ? jsonOrNothing(value, parseJson) : value;
  return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

function idOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? String(value).slice(0, MAX_ID)
    : "";
}

/** Plain text, or the texts of content parts such as `[{"type":"text","text":{"value":"…"}}]`, as data or as JSON. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") {
    const parts = /^\s*[[{"]/.test(value) ? partsOf(jsonOrNothing(value, parseJson), 0) : undefined;
    return (parts ?? value).slice(0, MAX_TEXT);
  }
  return partsOf(value, 0)?.slice(0, MAX_TEXT) ?? "";
}

const PART_KEYS = ["text", "value", "content", "parts"];
const MAX_DEPTH = 5;

function partsOf(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const parts = value.map((part) => partsOf(part, depth + 1));
    return parts.every((part) => part !== undefined) ? parts.join("") : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of PART_KEYS) {
    if (key in value) return partsOf((value as Record<string, unknown>)[key], depth + 1);
  }
  return undefined;
}
