// The users whose session is dead after an error: their next messages vanish.
import type { Run } from "../run/run.js";

export interface DeadSessions {
  kill(run: Run): void;
  /** Whether this message vanishes. The first one counts as the injection. */
  swallows(userId: string): boolean;
}

export function createDeadSessions(): DeadSessions {
  const dead = new Map<string, { left: number; commit: (() => void) | undefined }>();
  return {
    kill(run) {
      if (!run.killsSession) return;
      const { messages, reservation } = run.killsSession;
      dead.set(run.userId, { left: messages, commit: () => reservation.commit() });
    },
    swallows(userId) {
      const entry = dead.get(userId);
      if (!entry) return false;
      entry.commit?.();
      entry.commit = undefined;
      if (--entry.left <= 0) dead.delete(userId);
      return true;
    },
  };
}
