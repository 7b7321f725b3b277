// Pending writes to a second store: kept in order, written in batches, retried while that store is unavailable.
import { setTimeout } from "node:timers/promises";

export interface WriteQueue<T> {
  /** Queues one item. Beyond the limit, the oldest is dropped. */
  push(item: T): void;
  /** Whether a matching item has not been written yet. */
  holds(matches: (item: T) => boolean): boolean;
  /** Tries for up to a second to write the rest. */
  close(): Promise<void>;
}

export interface WriteQueueOptions<T> {
  /** Writes a batch completely or, as far as it can know, not at all. May be called again with the same items. */
  readonly write: (batch: readonly T[]) => Promise<void>;
  /** How long items are collected before they are written. */
  readonly gatherMs: number;
  readonly batch: number;
  /** Most items waiting. */
  readonly most: number;
  /** Called once per outage, with its first error, and once if items are dropped. */
  readonly onTrouble: (error: unknown) => void;
}

const RETRY_MS = 200;
const LAST_TRY_MS = 1000;

export function createWriteQueue<T>(options: WriteQueueOptions<T>): WriteQueue<T> {
  let waiting: T[] = [];
  let underway: readonly T[] = [];
  let running: Promise<void> | undefined;
  let troubled = false;
  let closing = false;

  const drain = async (): Promise<void> => {
    await setTimeout(closing ? 0 : options.gatherMs);
    while (waiting.length > 0) {
      underway = waiting.slice(0, options.batch);
      waiting = waiting.slice(options.batch);
      try {
        await options.write(underway);
        troubled = false;
      } catch (error) {
        waiting = [...underway, ...waiting];
        if (!troubled) options.onTrouble(error);
        troubled = true;
        if (closing) return;
        await setTimeout(RETRY_MS);
      }
      underway = [];
    }
  };
  const wake = (): void => {
    running ??= drain().finally(() => {
      running = undefined;
      if (waiting.length > 0 && !closing) wake();
    });
  };
  return {
    push(item) {
      waiting.push(item);
      if (waiting.length > options.most) {
        waiting.shift();
        if (!troubled)
          options.onTrouble(new Error(`more than ${options.most} items wait: the oldest are lost`));
        troubled = true;
      }
      wake();
    },
    holds: (matches) => waiting.some(matches) || underway.some(matches),
    async close() {
      closing = true;
      if (waiting.length > 0) wake();
      if (running) await Promise.race([running, setTimeout(LAST_TRY_MS, undefined, { ref: false })]);
    },
  };
}
