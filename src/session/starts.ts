// The starts of an open load as one session takes them: a start that comes while it is blocked is not lost.

/** What hands out starts: the instant at which the next was due, or `undefined` when none will come. */
export type NextStart = () => Promise<number | undefined>;

export class SessionStarts {
  readonly #source: NextStart;
  /** Asked for and not yet used. */
  #asked: Promise<number | undefined> | undefined;
  /** The same, once it came. */
  #due: number | undefined;

  constructor(source: NextStart) {
    this.#source = source;
  }

  next(): Promise<number | undefined> {
    const asked = this.#ask();
    this.#asked = undefined;
    this.#due = undefined;
    return asked;
  }

  /** The start that came while the session could not begin it, for the caller to book; from now on one is asked for. */
  takeDue(): number | undefined {
    this.#ask();
    const due = this.#due;
    if (due !== undefined) {
      this.#asked = undefined;
      this.#due = undefined;
    }
    return due;
  }

  /** A start that came and was not begun when the session's time was over. */
  leftOver(): number | undefined {
    const due = this.#due;
    this.#due = undefined;
    return due;
  }

  #ask(): Promise<number | undefined> {
    if (this.#asked === undefined) {
      const asked = this.#source();
      this.#asked = asked;
      void asked.then((atUs) => {
        if (this.#asked === asked) this.#due = atUs;
      });
    }
    return this.#asked;
  }
}
