// Threads and the pages of their messages, for their owner only.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Service } from "../service.js";
import { isoFromUs } from "../stamps.js";
import type { ThreadRow } from "../storage/store.js";
import type { Identity } from "../tokens.js";
import type { HttpApp } from "./app.js";
import { authenticate } from "./authenticate.js";
import { HttpError } from "./errors.js";
import { authenticateAt } from "./unchecked.js";
import { messageView, pageQuery } from "./views.js";

const creation = z
  .object({ title: z.string().max(500).optional(), metadata: z.record(z.string(), z.unknown()).optional() })
  .nullish();
/** A conversation that took place elsewhere. */
const importation = z.object({
  messages: z
    .array(z.object({ role: z.enum(["user", "assistant"]), content: z.string().min(1).max(32_768) }))
    .min(1)
    .max(500),
});
const messagesQuery = pageQuery("asc");
const threadsQuery = pageQuery("desc").omit({ order: true });

export function addThreadRoutes(app: HttpApp, service: Service): void {
  const { store, defects } = service;

  const owned = async (id: string, who: Identity, mayPass: () => boolean): Promise<ThreadRow> => {
    const thread = await store.thread(id);
    if (!thread) throw new HttpError(404, "no such thread");
    if (thread.userId !== who.userId && !mayPass())
      throw new HttpError(403, "this thread belongs to another user");
    return thread;
  };

  app.post("/api/threads", async (request) => {
    const who = await authenticateAt("create", service, request.headers);
    const body = creation.parse(request.body);
    const thread: ThreadRow = {
      id: randomUUID(),
      userId: who.userId,
      title: body?.title ?? "New thread",
      metadata: body?.metadata ?? {},
      createdUs: service.nextRowUs(),
    };
    await store.addThread(thread);
    return threadView(thread);
  });

  app.get("/api/threads", async (request) => {
    const { limit, offset } = threadsQuery.parse(request.query);
    const who = await authenticateAt("threads", service, request.headers);
    return (await store.threadsOf(who.userId, limit, offset)).map(threadView);
  });

  app.get("/api/threads/:threadId/messages", async (request) => {
    const { threadId = "" } = request.params;
    const who = await authenticateAt("messages", service, request.headers, threadId);
    const { limit, offset, order } = messagesQuery.parse(request.query);
    const hit = { userId: who.userId, threadId };
    const thread = await owned(
      threadId,
      who,
      () => defects.claim("history-without-owner-check", hit) !== undefined,
    );
    const slow = defects.claim("slow-history", hit);
    if (slow) await service.sleep(slow.ms);
    const page = await store.messagesOf(thread.id, limit, offset, order);
    return { messages: page.rows.map(messageView), thread_id: thread.id, total: page.total, limit, offset };
  });

  app.post("/api/threads/:threadId/import", async (request) => {
    const { threadId = "" } = request.params;
    const who = await authenticate(service.tokens, request.headers);
    const { messages } = importation.parse(request.body);
    const thread = await owned(threadId, who, () => false);
    for (const { role, content } of messages) {
      const runId = randomUUID();
      await store.addMessage({
        id: randomUUID(),
        threadId: thread.id,
        userId: who.userId,
        role,
        content,
        metadata: { imported: true },
        createdUs: service.nextRowUs(),
        clientId: undefined,
        runId,
      });
    }
    return { id: thread.id, imported: messages.length };
  });

  app.delete("/api/threads/:threadId", async (request) => {
    const { threadId = "" } = request.params;
    const who = await authenticateAt("remove", service, request.headers, threadId);
    const hit = { userId: who.userId, threadId };
    const thread = await owned(
      threadId,
      who,
      () =>
        defects.claim("endpoint-without-check", hit, ({ endpoint }) => endpoint === "delete") !== undefined,
    );
    const remains = defects.claim("deleted-thread-remains", hit);
    if (remains?.where !== "all") await store.deleteThread(thread.id, remains !== undefined);
    return { id: thread.id, deleted: true };
  });
}

function threadView(thread: ThreadRow): Record<string, unknown> {
  return {
    id: thread.id,
    title: thread.title,
    user_id: thread.userId,
    created_at: isoFromUs(thread.createdUs),
    metadata: thread.metadata,
  };
}
