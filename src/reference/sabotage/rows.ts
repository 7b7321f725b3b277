// Defects of storage: spoil a message on its way into the database.
import { randomUUID } from "node:crypto";
import { hitOf, type Run } from "../run/run.js";
import type { Service } from "../service.js";
import type { MessageRow } from "../storage/store.js";

/** Runs after a message was stored properly: duplicates it, copies it into a foreign thread, or removes it again. */
export async function sabotageStored(service: Service, run: Run, row: MessageRow): Promise<void> {
  const { store, defects } = service;
  const hit = hitOf(run, `${row.role} row ${row.id}`);
  const isRole = (params: { role: string }): boolean => params.role === row.role;
  const copy = (): MessageRow => ({
    ...row,
    id: randomUUID(),
    clientId: undefined,
    createdUs: service.nextRowUs(),
  });
  if (defects.claim("row-stored-twice", hit, isRole)) await store.addMessage(copy());
  const foreign = defects.reserve("row-in-foreign-thread", hit, isRole);
  if (foreign) {
    const thread = await store.foreignThread(run.userId);
    if (thread) {
      await store.addMessage({ ...copy(), threadId: thread.id, userId: thread.userId });
      foreign.commit(`thread ${thread.id} of user ${thread.userId}`);
    } else foreign.release();
  }
  if (defects.claim("row-lost", hit, isRole)) await store.removeMessage(row.id);
}

/** Where the answer goes: its row, or `undefined` if it is not stored, and the thread named by the event. */
export async function answerPlacement(
  service: Service,
  run: Run,
  row: MessageRow,
): Promise<{ row: MessageRow | undefined; eventThreadId: string }> {
  const { store, defects } = service;
  const hit = hitOf(run);
  const eventThreadId = run.threadId;
  if (defects.claim("answer-not-stored", hit)) return { row: undefined, eventThreadId };
  if (defects.claim("stored-text-differs", hit)) {
    return {
      row: { ...row, content: `${row.content.slice(0, 40)} [revised] ${row.content.slice(40)}` },
      eventThreadId,
    };
  }
  const stray = defects.reserve("answer-in-other-thread", hit);
  if (!stray) return { row, eventThreadId };
  const threads = await store.threadsOf(run.userId, 10, 0);
  const other = threads.find((thread) => thread.id !== run.threadId);
  if (!other) {
    stray.release();
    return { row, eventThreadId };
  }
  stray.commit(`thread ${other.id}`);
  return {
    row: { ...row, threadId: other.id },
    eventThreadId: stray.params.event ? other.id : eventThreadId,
  };
}
