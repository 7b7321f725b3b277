// Resumes the runs of a killed process: executes them from the start, with the same ids and numbers as before.
import { freshRun, hitOf, type Run } from "../run/run.js";
import type { Service } from "../service.js";
import type { TurnQueues } from "./queue.js";
import type { RunShelf } from "./run-shelf.js";

/** Call it before the service listens, so that returning users find their runs on the shelf. */
export async function takeUpRuns(service: Service, shelf: RunShelf, queues: TurnQueues): Promise<void> {
  const { journal, defects, counters } = service;
  for (const { message, weight } of (await journal?.left()) ?? []) {
    const asks = (await journal?.asks(message.runId)) ?? new Map<string, undefined>();
    const run: Run = {
      id: message.runId,
      messageId: message.clientId ?? "",
      threadId: message.threadId,
      userId: message.userId,
      content: message.content,
      weight,
      streams: false,
      ...freshRun(),
      takenUp: true,
      connection: undefined,
    };
    let waits = false;
    for (const [id, decision] of asks) {
      if (decision) run.decisions.set(id, decision);
      else waits = true;
    }
    const forgotten = waits && defects.claim("approval-forgotten-at-restart", hitOf(run));
    if (forgotten || defects.claim("forgotten-at-restart", hitOf(run))) {
      journal?.ended(run);
      continue;
    }
    for (const [id, decision] of asks) if (!decision) service.approvals.expect(run, id);
    counters.count("turnsTakenUp");
    shelf.add(run);
    queues.add(run);
  }
}
