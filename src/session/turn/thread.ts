// One conversation of one user: its id, its unsettled turns, and the last completed ones.
import type { StoredMessage } from "../../profiles/profile.js";
import type { FactMemory } from "./text/fact-memory.js";
import type { Turn } from "./turn.js";

/** Completed turns that a thread remembers for later lookups. */
const MAX_REMEMBERED = 1000;

/** What identifies the stored rows of a turn. */
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

/** How long rows may vanish from a history after it showed them: replicas lag behind each other. */
const LAG_US = 2_000_000;

/** Longest repeated text, in characters. */
const LONGEST = 8192;

/** The conversation so far, for services that keep nothing and get all of it with each message. */
class Conversation {
  readonly #most: number;
  readonly #said: StoredMessage[] = [];
  /** Messages of open turns. */
  readonly #asked = new Map<Turn, string>();

  /** @param most maximum number of messages to repeat */
  constructor(most: number) {
    this.#most = most;
  }

  /** Messages and their answers, oldest first; starts with a message. */
  soFar(): readonly StoredMessage[] {
    return [...this.#said];
  }

  asked(turn: Turn, text: string): void {
    this.#asked.set(turn, text.slice(0, LONGEST));
  }

  /** Keeps only answered messages: repeating others would get them answered twice. */
  ended(turn: Turn): void {
    const text = this.#asked.get(turn);
    this.#asked.delete(turn);
    if (text === undefined || turn.end !== "completed") return;
    this.#said.push({ role: "user", text }, { role: "assistant", text: turn.answerText.slice(0, LONGEST) });
    while (this.#said.length > this.#most) this.#said.splice(0, 2);
  }
}

export class Thread {
  /** Ended turns not yet looked up in the history; oldest first. */
  readonly unsettled: Turn[] = [];
  /** Turns settled without a lookup since the thread was last read, by what identifies their rows. */
  readonly settled: SentTurn[] = [];
  /** The last completed turns whose grace window is over; oldest first. */
  readonly remembered: RememberedTurn[] = [];
  /** Rows reported as not belonging here, by id. */
  readonly toldRows = new Set<string>();
  /** This thread's and the user's ids in rows of the user's own messages; `undefined` while unknown. */
  rowThreadId: string | undefined;
  rowUserId: string | undefined;
  /** Facts that dialogues stated here; `undefined` before the first. */
  told: FactMemory | undefined;
  /** The current conversation from a file, and how many of its messages were sent; `undefined` before the first. */
  script: { readonly messages: readonly string[]; sent: number } | undefined;
  /** Its last turn was stopped. */
  stopped = false;
  /** A settling read of this thread is in progress. */
  settling = false;

  /** The newest messages that its history showed, by turn, and when it first did; both ascending. */
  readonly #shown: { readonly number: number; readonly atUs: number }[] = [];

  /** The conversation, if the service gets it again with each message. */
  readonly conversation: Conversation | undefined;

  /** @param repeated most past messages sent with each message */
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

  /** Whether none of its turns is open or waits for a lookup. */
  isSettled(open: readonly Turn[]): boolean {
    return (
      this.unsettled.length === 0 && !this.settling && open.every(({ threadId }) => threadId !== this.id)
    );
  }

  /**
   * Remembers the newest page of its history.
   * @param newest turn of the user's newest message on the page, -1 for none
   * @returns the turn of a newer message shown earlier, before the time that replicas may lag; `undefined` for none
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
