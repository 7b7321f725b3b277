// The threads of one user: those it talks in, and those of sessions that are over.
import type { Thread } from "../turn/thread.js";
import type { Turn } from "../turn/turn.js";

/** Whose threads they are. */
export interface ThreadHolder {
  readonly threads: readonly Thread[];
  /** Those of sessions that are over, until their turns are settled. */
  readonly formerThreads: readonly Thread[];
}

interface Leaver {
  readonly threads: Thread[];
  readonly formerThreads: Thread[];
  readonly settledIds: string[];
  readonly open: readonly Turn[];
}

/** The user's thread with that id, even of an earlier session; `undefined` if it is someone else's. */
export function ownThread({ threads, formerThreads }: ThreadHolder, id: string): Thread | undefined {
  const own = (thread: Thread): boolean => thread.id === id;
  return threads.find(own) ?? formerThreads.find(own);
}

/** The user will send no more in that thread. */
export function leaveThread({ threads, formerThreads, settledIds, open }: Leaver, thread: Thread): void {
  const all = [...formerThreads, ...threads.splice(threads.indexOf(thread), 1)];
  formerThreads.length = 0;
  for (const one of all) {
    if (one.isSettled(open)) settledIds.push(one.id);
    else formerThreads.push(one);
  }
}
