// One conversation of one user: its id, its turns that still have to be settled, and the last ones that completed.
import type { StoredMessage } from "../../profiles/profile.js";
import type { FactMemory } from "./text/fact-memory.js";
import type { Turn } from "./turn.js";

/** Completed turns that a thread remembers, to look them up again. */
const MAX_REMEMBERED = 1000;

/** What tells the stored rows of a turn from those of others. */
export type SentTurn = Pick<
  Turn,
  "number" | "nonce" | "runId" | "end" | "sentUs" | "endedUs" | "message" | "answer"
>;

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

/** What a history showed may be missing again for so long: replicas lag behind each other. */
const LAG_US = 2_000_000;

/** Longest text that is repeated, in characters. */
const LONGEST = 8192;

/** What was said so far, for services that keep nothing themselves and are told all of it with each message. */
class Conversation {
  readonly #most: number;
  readonly #said: StoredMessage[] = [];
  /** Messages whose turns are under way. */
  readonly #asked = new Map<Turn, string>();

  /** @param most messages that are repeated */
  constructor(most: number) {
    this.#most = most;
  }

  /** Messages and their answers, oldest first; begins with a message. */
  soFar(): readonly StoredMessage[] {
    return [...this.#said];
  }

  asked(turn: Turn, text: string): void {
    this.#asked.set(turn, text.slice(0, LONGEST));
  }

  /** What was not answered was not said: whoever repeats it would be answered twice. */
  ended(turn: Turn): void {
    const text = this.#asked.get(turn);
    this.#asked.delete(turn);
    if (text === undefined || turn.end !== "completed") return;
    this.#said.push({ role: "user", text }, { role: "assistant", text: turn.answerText.slice(0, LONGEST) });
    while (this.#said.length > this.#most) this.#said.splice(0, 2);
  }
}

export class Thread {
  /** Turns whose end is known and whose stored trace is not yet looked up; oldest first. */
  readonly unsettled: Turn[] = [];
  /** Those since the last look at the thread that were settled without one, by what tells their rows from others'. */
  readonly settled: SentTurn[] = [];
  /** The last turns that completed and whose grace window is over; oldest first. */
  readonly remembered: RememberedTurn[] = [];
  /** Rows that were told as not belonging here, by id. */
  readonly toldRows = new Set<string>();
  /** How rows of the user's own messages call this thread, and the user; `undefined` while none did. */
  rowThreadId: string | undefined;
  rowUserId: string | undefined;
  /** What dialogues told here; `undefined` before the first. */
  told: FactMemory | undefined;
  /** The conversation of a file that is held here, and how many of its messages were sent; `undefined` before the first. */
  script: { readonly messages: readonly string[]; sent: number } | undefined;
  /** Its last turn was stopped, and none was sent since. */
  stopped = false;
  /** A settling read of this thread is under way. */
  settling = false;

  /** The newest messages that its history showed, by their turns, and when it first did; both ascend. */
  readonly #shown: { readonly number: number; readonly atUs: number }[] = [];

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

  /** All messages of its conversation were sent. */
  get isOver(): boolean {
    return this.script !== undefined && this.script.sent >= this.script.messages.length;
  }

  /** Nothing of it is under way, or waits to be looked up. */
  isSettled(open: readonly Turn[]): boolean {
    return (
      this.unsettled.length === 0 && !this.settling && open.every(({ threadId }) => threadId !== this.id)
    );
  }

  /**
   * Remembers the newest page of its history.
   * @param newest turn of the newest message of its user on the page, -1 for none
   * @returns the turn of a newer message that was shown before, longer ago than replicas may lag; `undefined` for none
   */
  shows(newest: number, askedUs: number, doneUs: number): number | undefined {
    const shown = this.#shown;
    const before = shown.findLast(({ atUs }) => atUs <= askedUs - LAG_US)?.number ?? -1;
    if (newest > (shown.at(-1)?.number ?? -1)) shown.push({ number: newest, atUs: doneUs });
    while ((shown[1]?.atUs ?? doneUs) <= askedUs - LAG_US) shown.shift();
    return before > newest ? before : undefined;
  }

  remember({ number, nonce, answerShowsNonce: quoted, words, answerWords }: Turn): void {
    this.remembered.push({ number, nonce, quoted, words, answerWords });
    if (this.remembered.length > MAX_REMEMBERED) this.remembered.splice(0, MAX_REMEMBERED / 10);
  }
}
