// What a worker remembers of turns, to look for their rows in stores: hashes and numbers, no texts.
//
// A turn takes 41 bytes, and a thread its id: a million turns take some 45 MB. Beyond MAX_TURNS a worker remembers no
// more, and reports that. Nonces are not stored: they follow from user and turn.
import type { Fingerprint, SettledTurn } from "../../model/turn/turn.js";

/** Of one worker. */
const MAX_TURNS = 2_000_000;

const NEEDS_MESSAGE = 1;
const NEEDS_ANSWER = 2;
const KNOWS_MESSAGE = 4;
const KNOWS_ANSWER = 8;
const HAS_RUN = 16;
const STOPPED = 32;

export type EndedTurn = Pick<
  SettledTurn,
  "user" | "turn" | "threadId" | "runId" | "startedUs" | "terminalUs" | "outcome" | "texts"
>;

export interface ExpectedTurn {
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  /** The service accepted the message: its row must exist. */
  readonly needsMessage: boolean;
  /** It was answered: the answer's row must exist. */
  readonly needsAnswer: boolean;
  /** `undefined` if the text is unknown. */
  readonly message: Fingerprint | undefined;
  readonly answer: Fingerprint | undefined;
  /** Its user stopped it: the stored answer may continue after what the user saw. */
  readonly stopped: boolean;
  /** {@link hashOf} of the run's id. */
  readonly run: number | undefined;
  /** When its user saw the end, or when it was settled; monotonic microseconds. */
  readonly endUs: number;
}

/** The turns of one thread. */
export interface ExpectedThread {
  readonly threadId: string;
  readonly user: number;
  readonly turns: readonly ExpectedTurn[];
  /** The latest end of its turns. */
  readonly endUs: number;
}

interface ThreadEntry {
  readonly id: string;
  readonly user: number;
  readonly rows: number[];
}

export class ExpectedTurns {
  readonly #threads = new Map<string, ThreadEntry>();
  #count = 0;
  /** Turns beyond the limit. */
  forgotten = 0;
  /** turn, flags, length and hash of the message, length and hash of the answer, hash of the run. */
  #words = new Int32Array(7 * 1024);
  #ends = new Float64Array(1024);
  readonly #most: number;

  constructor(most = MAX_TURNS) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** @param ackStores an acknowledgement means that the message is stored */
  add(turn: EndedTurn, ackStores: boolean, settledUs: number): void {
    const { texts } = turn;
    if (!texts || turn.outcome === "rejected") return;
    if (this.#count >= this.#most) {
      this.forgotten++;
      return;
    }
    const answered = turn.outcome === "completed" || turn.outcome === "timedOut";
    const accepted = answered || !Number.isNaN(turn.startedUs) || (texts.acked && ackStores);
    const at = this.#grow();
    this.#words.set(
      [
        turn.turn,
        (accepted ? NEEDS_MESSAGE : 0) |
          (answered ? NEEDS_ANSWER : 0) |
          (texts.message ? KNOWS_MESSAGE : 0) |
          (texts.answer ? KNOWS_ANSWER : 0) |
          (turn.runId === undefined ? 0 : HAS_RUN) |
          (turn.outcome === "stopped" ? STOPPED : 0),
        texts.message?.length ?? 0,
        texts.message?.hash ?? 0,
        texts.answer?.length ?? 0,
        texts.answer?.hash ?? 0,
        turn.runId === undefined ? 0 : hashOf(turn.runId),
      ],
      at * 7,
    );
    this.#ends[at] = Number.isNaN(turn.terminalUs) ? settledUs : turn.terminalUs;
    let thread = this.#threads.get(turn.threadId);
    if (!thread) {
      thread = { id: turn.threadId, user: turn.user, rows: [] };
      this.#threads.set(turn.threadId, thread);
    }
    thread.rows.push(at);
  }

  /** All threads, in the order of their first turns. */
  *threads(): Generator<ExpectedThread> {
    for (const { id, user, rows } of this.#threads.values()) {
      const turns = rows.map((at) => this.#turnAt(at, id, user));
      const endUs = turns.reduce((latest, turn) => Math.max(latest, turn.endUs), 0);
      yield { threadId: id, user, turns, endUs };
    }
  }

  #grow(): number {
    const at = this.#count++;
    if (at >= this.#ends.length) {
      const words = new Int32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
      const ends = new Float64Array(this.#ends.length * 2);
      ends.set(this.#ends);
      this.#ends = ends;
    }
    return at;
  }

  #turnAt(at: number, threadId: string, user: number): ExpectedTurn {
    const [turn = 0, flags = 0, messageLength = 0, message = 0, answerLength = 0, answer = 0, run = 0] =
      this.#words.subarray(at * 7, at * 7 + 7);
    return {
      user,
      turn,
      threadId,
      needsMessage: (flags & NEEDS_MESSAGE) !== 0,
      needsAnswer: (flags & NEEDS_ANSWER) !== 0,
      message: flags & KNOWS_MESSAGE ? { length: messageLength, hash: message } : undefined,
      answer: flags & KNOWS_ANSWER ? { length: answerLength, hash: answer } : undefined,
      stopped: (flags & STOPPED) !== 0,
      run: flags & HAS_RUN ? run : undefined,
      endUs: this.#ends[at] ?? 0,
    };
  }
}

/** FNV-1a, 32 bits: only runs within one thread have to differ. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
