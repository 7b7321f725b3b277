// One conversation of one user: its id, its turns that still have to be settled, and the last ones that completed.
import { Conversation } from "./conversation.js";
import type { FactMemory } from "./fact-memory.js";
import type { Turn } from "./turn.js";

/** Completed turns that a thread remembers, to look them up again. */
const MAX_REMEMBERED = 1000;

/** A completed turn as its user remembers it. */
export interface RememberedTurn {
  readonly number: number;
  readonly nonce: string;
  /** Its answer quoted the nonce. */
  readonly quoted: boolean;
  /** Searched words in its message, and in its answer where that quoted the nonce; `undefined` for none. */
  readonly words?: readonly string[] | undefined;
  readonly answerWords?: readonly string[] | undefined;
}

export class Thread {
  /** Turns whose end is known and whose stored trace is not yet looked up; oldest first. */
  readonly unsettled: Turn[] = [];
  /** The last turns that completed and whose grace window is over; oldest first. */
  readonly remembered: RememberedTurn[] = [];
  /** Rows that were told as not belonging here, by id. */
  readonly toldRows = new Set<string>();
  /** How rows of the user's own messages call this thread, and the user; `undefined` while none did. */
  rowThreadId: string | undefined;
  rowUserId: string | undefined;
  /** What dialogues told here; `undefined` before the first. */
  told: FactMemory | undefined;
  /** Its last turn was stopped, and none was sent since. */
  stopped = false;
  /** A settling read of this thread is under way. */
  settling = false;

  /** What was said here, where the service is told of it again with each message. */
  readonly conversation: Conversation | undefined;

  /** @param repeated messages of the past that go with each message, at most */
  constructor(
    readonly id: string,
    readonly user: number,
    repeated?: number,
  ) {
    this.conversation = repeated === undefined ? undefined : new Conversation(repeated);
  }

  remember({ number, nonce, answerShowsNonce: quoted, words, answerWords }: Turn): void {
    this.remembered.push({ number, nonce, quoted, words, answerWords });
    if (this.remembered.length > MAX_REMEMBERED) this.remembered.splice(0, MAX_REMEMBERED / 10);
  }
}
