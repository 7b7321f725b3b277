// The search over a user's own messages.
import { z } from "zod";
import type { Service } from "../service.js";
import type { MessageRow, MessageSearch, Page } from "../storage/store.js";
import type { HttpApp } from "./app.js";
import { authenticateAt } from "./unchecked.js";
import { messageView, pageQuery } from "./views.js";

const historyQuery = pageQuery("asc").extend({
  content_search: z.string().max(500).optional(),
  thread_id: z.string().max(100).optional(),
  role: z.enum(["user", "assistant"]).optional(),
});

export function addHistoryRoutes(app: HttpApp, service: Service): void {
  const { store, defects } = service;

  app.get("/api/history", async (request) => {
    const who = await authenticateAt("search", service, request.headers);
    const query = historyQuery.parse(request.query);
    const slow = defects.claim("slow-search", { userId: who.userId });
    if (slow) await service.sleep(slow.ms);
    const asked: MessageSearch = {
      userId: await searchedUser(service, who.userId, query.thread_id),
      text: query.content_search || undefined,
      threadId: query.thread_id,
      role: query.role,
      limit: query.limit,
      offset: query.offset,
      order: query.order,
    };
    const page = await withSearchDefects(service, asked, await store.search(asked));
    return {
      history: page.rows.map(messageView),
      pagination: {
        limit: query.limit,
        offset: query.offset,
        total: page.total,
        has_more: query.offset + page.rows.length < page.total,
      },
    };
  });
}

/** Normally the requesting user; the owner of the named thread if this endpoint's check is switched off. */
async function searchedUser(service: Service, userId: string, threadId: string | undefined): Promise<string> {
  if (threadId === undefined) return userId;
  const thread = await service.store.thread(threadId);
  if (!thread || thread.userId === userId) return userId;
  const hit = { userId, threadId };
  const unchecked = service.defects.claim(
    "endpoint-without-check",
    hit,
    (params) => params.endpoint === "history",
  );
  return unchecked ? thread.userId : userId;
}

async function withSearchDefects(
  service: Service,
  query: MessageSearch,
  page: Page<MessageRow>,
): Promise<Page<MessageRow>> {
  const [first] = page.rows;
  const { userId } = query;
  if (first && query.text !== undefined) {
    const missed = service.defects.claim("search-misses-hit", {
      userId,
      threadId: first.threadId,
      runId: first.runId,
    });
    if (missed) return { rows: page.rows.slice(1), total: page.total - 1 };
  }
  const foreign = service.defects.reserve("search-foreign-hit", { userId });
  if (!foreign) return page;
  const row = await service.store.foreignMessage(userId, query.text);
  if (!row) {
    foreign.release();
    return page;
  }
  foreign.commit(`row ${row.id} of user ${row.userId}`);
  return { rows: [row, ...page.rows], total: page.total + 1 };
}
