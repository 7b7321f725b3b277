// The starts of an open load, as taken by one session: a start that arrives while it is blocked is not lost.
import type { Start } from "../load/pacer.js";

/** Returns the next start, with the instant at which it was due, or `undefined` if there are no more. */
export type NextStart = () => Promise<Start | undefined>;

export class SessionStarts {
  readonly #source: NextStart;
  /** Requested but not yet used. */
  #asked: Promise<Start | undefined> | undefined;
  /** The same, once it has arrived. */
  #due: Start | undefined;

  constructor(source: NextStart) {
    this.#source = source;
  }

  next(): Promise<Start | undefined> {
    const asked = this.#ask();
    this.#asked = undefined;
    this.#due = undefined;
    return asked;
  }

  /** A start that arrived while the session was blocked, for the caller to record; requests the next one. */
  takeDue(): Start | undefined {
    this.#ask();
    const due = this.#due;
    if (due !== undefined) {
      this.#asked = undefined;
      this.#due = undefined;
    }
    return due;
  }

  /** A start that arrived but was not used before the session's time was over. */
  leftOver(): Start | undefined {
    const due = this.#due;
    this.#due = undefined;
    return due;
  }

  #ask(): Promise<Start | undefined> {
    if (this.#asked === undefined) {
      const asked = this.#source();
      this.#asked = asked;
      void asked.then((start) => {
        if (this.#asked === asked) this.#due = start;
      });
    }
    return this.#asked;
  }
}
