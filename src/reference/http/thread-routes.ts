// Threads and the pages of their messages, for their owner only.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Service } from "../service.js";
import { isoFromUs } from "../stamps.js";
import type { ThreadRow } from "../storage/store.js";
import type { Identity } from "../tokens.js";
import { authenticate, bearerOf } from "./authenticate.js";
import { HttpError } from "./errors.js";
import { messageView, pageQuery } from "./views.js";

const creation = z
  .object({ title: z.string().max(500).optional(), metadata: z.record(z.string(), z.unknown()).optional() })
  .nullish();
const messagesQuery = pageQuery("asc");
const threadsQuery = pageQuery("desc").omit({ order: true });

export function addThreadRoutes(app: FastifyInstance, service: Service): void {
  const { store, tokens, defects } = service;

  const owned = async (id: string, who: Identity, mayPass: () => boolean): Promise<ThreadRow> => {
    const thread = await store.thread(id);
    if (!thread) throw new HttpError(404, "there is no such thread");
    if (thread.userId !== who.userId && !mayPass())
      throw new HttpError(403, "this thread belongs to somebody else");
    return thread;
  };

  app.post("/api/threads", async (request) => {
    const who = await authenticate(tokens, request.headers);
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
    const unchecked = bearerOf(request.headers) === undefined && claimEndpoint(service, "threads", {});
    const who = unchecked ? undefined : await authenticate(tokens, request.headers);
    const rows = who
      ? await store.threadsOf(who.userId, limit, offset)
      : [await store.foreignThread("")].flatMap((t) => t ?? []);
    return rows.map(threadView);
  });

  app.get<{ Params: { id: string } }>("/api/threads/:id/messages", async (request) => {
    const who = await authenticate(tokens, request.headers);
    const { limit, offset, order } = messagesQuery.parse(request.query);
    const hit = { userId: who.userId, threadId: request.params.id };
    const thread = await owned(
      request.params.id,
      who,
      () => defects.claim("history-without-owner-check", hit) !== undefined,
    );
    const slow = defects.claim("slow-history", hit);
    if (slow) await service.sleep(slow.ms);
    const page = await store.messagesOf(thread.id, limit, offset, order);
    return { messages: page.rows.map(messageView), thread_id: thread.id, total: page.total, limit, offset };
  });

  app.delete<{ Params: { id: string } }>("/api/threads/:id", async (request) => {
    const who = await authenticate(tokens, request.headers);
    const hit = { userId: who.userId, threadId: request.params.id };
    const thread = await owned(request.params.id, who, () => claimEndpoint(service, "delete", hit));
    await store.deleteThread(thread.id);
    return { id: thread.id, deleted: true };
  });
}

function claimEndpoint(
  service: Service,
  endpoint: string,
  hit: { userId?: string; threadId?: string },
): boolean {
  return (
    service.defects.claim("endpoint-without-check", hit, (params) => params.endpoint === endpoint) !==
    undefined
  );
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
