// Runs kept in memory, by id and by user, until some time after their end.
import { nowUs } from "../../support/clock.js";
import type { Run } from "../run/run.js";

/** How long undelivered events are kept for an absent user; afterwards only the stored answer remains. */
const KEEP_UNDELIVERED_US = 600_000_000;
const MAX_KEPT = 50_000;

export interface RunShelf {
  add(run: Run): void;
  get(runId: string): Run | undefined;
  /** In the order their messages were accepted. */
  ofUser(userId: string): Run[];
  /** Drops runs that ended long enough ago, and the oldest ended ones beyond the limit. */
  sweep(): void;
  size(): number;
}

export function createRunShelf(keepMs: number): RunShelf {
  const byId = new Map<string, Run>();
  const byUser = new Map<string, Set<Run>>();
  const drop = (run: Run): void => {
    byId.delete(run.id);
    const ofUser = byUser.get(run.userId);
    ofUser?.delete(run);
    if (ofUser?.size === 0) byUser.delete(run.userId);
  };
  return {
    add(run) {
      byId.set(run.id, run);
      const ofUser = byUser.get(run.userId);
      if (ofUser) ofUser.add(run);
      else byUser.set(run.userId, new Set([run]));
    },
    get: (runId) => byId.get(runId),
    ofUser: (userId) => [...(byUser.get(userId) ?? [])],
    sweep() {
      const now = nowUs();
      for (const run of byId.values()) {
        if (run.endedUs === undefined) continue;
        const delivered = run.cursor >= run.log.length;
        const keepUs = delivered ? keepMs * 1000 : KEEP_UNDELIVERED_US;
        if (now - run.endedUs > keepUs || byId.size > MAX_KEPT) drop(run);
      }
    },
    size: () => byId.size,
  };
}
