// The threads of one user: those it talks in, and those of sessions that are over.
import type { Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";

/** Whose threads they are. */
export interface ThreadHolder {
  readonly threads: readonly Thread[];
  /** Those of sessions that are over, until their turns are settled. */
  readonly left: readonly Thread[];
}

interface Leaver {
  readonly threads: Thread[];
  readonly left: Thread[];
  readonly leftIds: string[];
  readonly open: readonly Turn[];
}

/** The user's thread with that id, even of an earlier session; `undefined` if it is someone else's. */
export function ownThread({ threads, left }: ThreadHolder, id: string): Thread | undefined {
  const own = (thread: Thread): boolean => thread.id === id;
  return threads.find(own) ?? left.find(own);
}

/** The user will send no more in that thread. */
export function leaveThread({ threads, left, leftIds, open }: Leaver, thread: Thread): void {
  const all = [...left, ...threads.splice(threads.indexOf(thread), 1)];
  left.length = 0;
  for (const one of all) {
    if (one.isSettled(open)) leftIds.push(one.id);
    else left.push(one);
  }
}
