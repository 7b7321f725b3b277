// One queue per thread: turns of one thread run one by one, those of different threads in parallel.
import type { DefectBook } from "../defects/book.js";
import { hitOf, type Run } from "../run/run.js";

export interface TurnQueues {
  /** Turns of the thread waiting or running. */
  depth(threadId: string): number;
  /** Turns of all threads waiting or running. */
  total(): number;
  add(run: Run): void;
  /** Resolves when nothing is waiting or running, or after the given time. */
  idle(timeoutMs: number): Promise<void>;
}

/** `work` never rejects: failures are part of the turn. */
export function createTurnQueues(defects: DefectBook, work: (run: Run) => Promise<void>): TurnQueues {
  // A thread is in the map exactly while one of its turns runs; the array has those waiting.
  const waiting = new Map<string, Run[]>();
  let total = 0;
  let onIdle: (() => void) | undefined;

  const next = (queue: Run[]): Run | undefined => {
    const [first, second] = queue;
    if (first && second && !first.overtaken && defects.claim("answer-out-of-order", hitOf(second))) {
      first.overtaken = true;
      queue.splice(1, 1);
      return second;
    }
    return queue.shift();
  };
  const drain = async (threadId: string, queue: Run[]): Promise<void> => {
    for (let run = next(queue); run; run = next(queue)) {
      await work(run);
      total--;
    }
    waiting.delete(threadId);
    if (total === 0) onIdle?.();
  };

  return {
    depth(threadId) {
      const queue = waiting.get(threadId);
      return queue ? queue.length + 1 : 0;
    },
    total: () => total,
    add(run) {
      total++;
      const queue = waiting.get(run.threadId);
      if (queue) {
        queue.push(run);
        return;
      }
      const fresh = [run];
      waiting.set(run.threadId, fresh);
      void drain(run.threadId, fresh);
    },
    idle(timeoutMs) {
      if (total === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
