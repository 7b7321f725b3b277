// How many worker processes a run gets by default.
import { SPARE_DESCRIPTORS } from "./machine-limits.js";

/** From the command line. */
export type WorkerWish = number | "auto";

export const MAX_WORKERS = 64;
/** Users that one process handles easily, at the turn rates of people who think between questions. */
const USERS_PER_WORKER = 2500;
const STARTS_PER_WORKER = 1000;

export interface WorkerQuestion {
  readonly users: number;
  /** Highest rate of an open load; 0 for a closed one. */
  readonly startsPerSecond: number;
  readonly cores: number;
  /** Open files that one process may have; `undefined` if unknown. */
  readonly descriptors: number | undefined;
}

/**
 * One for every 2,500 users or 1,000 starts per second, but at most one per core; more only if a single process may not open
 * that many sockets.
 */
export function workerCount(
  wish: WorkerWish,
  { users, startsPerSecond, cores, descriptors }: WorkerQuestion,
): number {
  if (wish !== "auto") return wish;
  const wanted = Math.max(
    Math.ceil(users / USERS_PER_WORKER),
    Math.ceil(startsPerSecond / STARTS_PER_WORKER),
    1,
  );
  const room = Math.max(1, (descriptors ?? Number.POSITIVE_INFINITY) - SPARE_DESCRIPTORS);
  return Math.min(
    MAX_WORKERS,
    users,
    Math.max(Math.min(wanted, Math.max(1, cores)), Math.ceil(users / room)),
  );
}
