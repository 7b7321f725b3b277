// Accepts a user's message, or says clearly why not: checks, idempotency, storage, acknowledgement, queue.
import { randomUUID } from "node:crypto";
import { freshRun, hitOf, type Run } from "../run/run.js";
import { sabotageStored } from "../sabotage/rows.js";
import type { Service } from "../service.js";
import type { UserMessage } from "../socket/client-frames.js";
import type { Connection } from "../socket/connection.js";
import { type MessageRow, StoreUnavailable, type ThreadRow } from "../storage/store.js";
import type { TurnQueues } from "./queue.js";
import type { RunShelf } from "./run-shelf.js";

/** A clear refusal before work began: becomes an `error` frame. */
export class Rejection extends Error {
  override readonly name = "Rejection";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Everything involved in accepting a message. */
export interface Acceptance {
  readonly service: Service;
  readonly queues: TurnQueues;
  readonly shelf: RunShelf;
  /** Whether a defect made the user's session dead: then the message vanishes. */
  readonly isDead: (userId: string) => boolean;
}

/** Throws Rejection or StoreUnavailable. Returns after the message is stored, acknowledged and queued. */
export async function acceptMessage(
  { service, queues, shelf, isDead }: Acceptance,
  connection: Connection,
  message: UserMessage,
): Promise<void> {
  const { userId } = connection.identity;
  if (isDead(userId)) return;
  const thread = await openThread(service, userId, message);
  const { limits } = service.settings;
  if (queues.depth(thread.id) >= limits.turnsPerThread || queues.total() >= limits.turnsInAll) {
    throw new Rejection("busy", "too many messages are waiting; send this one again later");
  }
  const run = newRun(connection, message);
  const dropped = forgets(service, queues, run);
  if (dropped && !dropped.ack) return;
  const row = userRow(service, run);
  const kept = await keep(service, run, row);
  if (kept === "swallowed") return;
  if (kept === "duplicate") {
    await acknowledgeDuplicate(service, connection, message);
    return;
  }
  if (kept === "pretended") {
    connection.send("message_ack", { ...idsOf(run), status: "accepted" });
    return;
  }
  await sabotageStored(service, run, row);
  service.counters.count("messagesAccepted");
  connection.send("message_ack", { ...idsOf(run), status: "accepted" });
  if (dropped) return;
  shelf.add(run);
  queues.add(run);
}

type Kept = "stored" | "duplicate" | "swallowed" | "pretended";

/** Stores the message; if the database refuses, a defect may change the result. Throws StoreUnavailable. */
async function keep({ store, journal, defects }: Service, run: Run, row: MessageRow): Promise<Kept> {
  try {
    await journal?.opened(run, row);
    if (await store.addMessage(row)) return "stored";
    journal?.ended(run);
    return "duplicate";
  } catch (error) {
    const swallowed =
      error instanceof StoreUnavailable ? defects.claim("refusal-swallowed", hitOf(run)) : undefined;
    if (!swallowed) throw error;
    return swallowed.ack ? "pretended" : "swallowed";
  }
}

async function openThread(service: Service, userId: string, message: UserMessage): Promise<ThreadRow> {
  if (message.content.trim() === "") throw new Rejection("empty_content", "the message is empty");
  if (message.content.length > service.settings.limits.contentChars) {
    throw new Rejection(
      "too_large",
      `the message is longer than ${service.settings.limits.contentChars} characters`,
    );
  }
  const thread = await service.store.thread(message.threadId);
  if (!thread) throw new Rejection("thread_not_found", "no such thread");
  const hit = { userId, threadId: thread.id, messageId: message.messageId };
  if (thread.userId !== userId && !service.defects.claim("socket-accepts-foreign-thread", hit)) {
    throw new Rejection("forbidden", "this thread belongs to another user");
  }
  return thread;
}

function forgets(service: Service, queues: TurnQueues, run: Run) {
  if (queues.depth(run.threadId) === 0) return undefined;
  const { userId, threadId, messageId } = run;
  return service.defects.claim("drop-while-busy", { userId, threadId, messageId });
}

function newRun(connection: Connection, message: UserMessage): Run {
  return {
    id: randomUUID(),
    messageId: message.messageId,
    threadId: message.threadId,
    userId: connection.identity.userId,
    content: message.content,
    weight: message.weight,
    streams: message.streams,
    ...freshRun(),
    takenUp: false,
    connection,
  };
}

function userRow(service: Service, run: Run): MessageRow {
  return {
    id: randomUUID(),
    threadId: run.threadId,
    userId: run.userId,
    role: "user",
    content: run.content,
    metadata: { run_id: run.id, message_id: run.messageId },
    createdUs: service.nextRowUs(),
    clientId: run.messageId,
    runId: run.id,
  };
}

/** The same `message_id` again: another acknowledgement, but no second turn. */
async function acknowledgeDuplicate(
  service: Service,
  connection: Connection,
  message: UserMessage,
): Promise<void> {
  const first = await service.store.messageByClientId(connection.identity.userId, message.messageId);
  if (!first) throw new Rejection("thread_not_found", "the thread was deleted");
  service.counters.count("messagesDuplicate");
  connection.send("message_ack", {
    thread_id: first.threadId,
    run_id: first.runId,
    message_id: message.messageId,
    user_id: first.userId,
    status: "duplicate",
  });
}

function idsOf(run: Run): Record<string, string> {
  return { thread_id: run.threadId, run_id: run.id, message_id: run.messageId, user_id: run.userId };
}
