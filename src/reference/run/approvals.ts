// Requests of runs to their users: each is decided once, by its own user, and survives socket and process.
import type { DefectBook } from "../defects/book.js";
import type { Decision } from "../socket/client-frames.js";
import type { Journal } from "./journal.js";
import { ServiceStops } from "./pauses.js";
import { hitOf, type Run } from "./run.js";
import { unlessStopped } from "./stops.js";

export interface Approvals {
  /**
   * Resolves with the decision on this request, at once if an earlier process already received it.
   * Rejects with TurnStopped or ServiceStops.
   */
  wait(run: Run, id: string, announce: () => void): Promise<Decision>;
  /** A run of an earlier process had asked this and will ask again: it may be decided before that. */
  expect(run: Run, id: string): void;
  /** Decides a request on behalf of a user. */
  decide(userId: string, id: string, decision: Decision): "accepted" | "unknown_approval" | "forbidden";
  /** The user of a run has left. */
  left(run: Run): void;
  /** The service stops: waiting runs continue in the next process. */
  stop(): void;
}

interface Waiting {
  readonly run: Run;
  readonly settle: (decision: Decision) => void;
  readonly give: (error: Error) => void;
}

export function createApprovals(defects: DefectBook, journal: Journal | undefined): Approvals {
  const waiting = new Map<string, Waiting>();
  const expected = new Map<string, Run>();
  /** Requests whose decision a defect ignored: only the end of the service frees them. */
  const stuck = new Set<Waiting>();
  return {
    async wait(run, id, announce) {
      run.asked++;
      expected.delete(id);
      const known = run.decisions.get(id);
      if (known) {
        announce();
        return known;
      }
      // Logged before a decision can arrive.
      await journal?.asked(run, id);
      return unlessStopped(
        run,
        () =>
          new Promise<Decision>((settle, give) => {
            waiting.set(id, { run, settle, give });
            announce();
          }),
      ).finally(() => waiting.delete(id));
    },
    expect: (run, id) => void expected.set(id, run),
    decide(userId, id, decision) {
      const entry = waiting.get(id);
      const run = entry?.run ?? expected.get(id);
      if (!run) return "unknown_approval";
      if (run.userId !== userId && !defects.claim("wrong-approver", hitOf(run, `by user ${userId}`)))
        return "forbidden";
      if (!entry) {
        expected.delete(id);
        run.decisions.set(id, decision);
        void journal?.decided(run, id, decision);
        return "accepted";
      }
      waiting.delete(id);
      if (run.asked > 1 && defects.claim("second-approval-stuck", hitOf(run))) {
        stuck.add(entry);
        return "accepted";
      }
      void Promise.resolve(journal?.decided(run, id, decision)).finally(() => entry.settle(decision));
      return "accepted";
    },
    left(run) {
      for (const [id, entry] of waiting) {
        if (entry.run !== run || !defects.claim("lost-pause", hitOf(run))) continue;
        waiting.delete(id);
        stuck.add(entry);
      }
    },
    stop() {
      for (const { give } of [...waiting.values(), ...stuck]) give(new ServiceStops("the service stops"));
    },
  };
}
