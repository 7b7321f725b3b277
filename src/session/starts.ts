// The starts of an open load as one session takes them: a start that comes while it is blocked is not lost.
import type { Start } from "../load/pacer.js";

/** What hands out starts: the next one, with the instant at which it was due, or `undefined` when none will come. */
export type NextStart = () => Promise<Start | undefined>;

export class SessionStarts {
  readonly #source: NextStart;
  /** Asked for and not yet used. */
  #asked: Promise<Start | undefined> | undefined;
  /** The same, once it came. */
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

  /** The start that came while the session could not begin it, for the caller to book; from now on one is asked for. */
  takeDue(): Start | undefined {
    this.#ask();
    const due = this.#due;
    if (due !== undefined) {
      this.#asked = undefined;
      this.#due = undefined;
    }
    return due;
  }

  /** A start that came and was not begun when the session's time was over. */
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
