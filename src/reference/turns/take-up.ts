// Takes up the runs that a killed process left behind: played from their begin, with the same ids and numbers as before.
import { nowUs } from "../../support/clock.js";
import { hitOf, type Run } from "../run/run.js";
import type { Service } from "../service.js";
import type { TurnQueues } from "./queue.js";
import type { RunShelf } from "./run-shelf.js";

/** Before the service listens: whoever comes back finds its runs on the shelf. */
export async function takeUpRuns(service: Service, shelf: RunShelf, queues: TurnQueues): Promise<void> {
  const { journal, defects, counters } = service;
  for (const { message, weight } of (await journal?.left()) ?? []) {
    const run: Run = {
      id: message.runId,
      messageId: message.clientId ?? "",
      threadId: message.threadId,
      userId: message.userId,
      content: message.content,
      weight,
      acceptedUs: nowUs(),
      log: [],
      cursor: 0,
      seq: 0,
      seenSeq: 0,
      takenUp: true,
      connection: undefined,
      abandoned: false,
      overtaken: false,
    };
    if (defects.claim("forgotten-at-restart", hitOf(run))) {
      journal?.ended(run);
      continue;
    }
    counters.count("turnsTakenUp");
    shelf.add(run);
    queues.add(run);
  }
}
