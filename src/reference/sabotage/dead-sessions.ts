// The users whose session is dead after an error: their next messages vanish.
import type { Run } from "../run/run.js";

export interface DeadSessions {
  kill(run: Run): void;
  /** True for a message that vanishes. The injection is counted at the first one. */
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
