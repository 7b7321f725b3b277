// How rows and page parameters look on the wire.
import { z } from "zod";
import { isoFromUs } from "../stamps.js";
import type { MessageRow, SortOrder } from "../storage/store.js";

/** `limit` (1 to 100, default 50), `offset` and `order` as query parameters. */
export function pageQuery(defaultOrder: SortOrder) {
  return z.object({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
    order: z.enum(["asc", "desc"]).default(defaultOrder),
  });
}

/** A message as both history calls show it. */
export function messageView(message: MessageRow): Record<string, unknown> {
  return {
    id: message.id,
    thread_id: message.threadId,
    role: message.role,
    content: message.content,
    created_at: isoFromUs(message.createdUs),
    metadata: message.metadata,
  };
}
