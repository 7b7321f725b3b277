// How far the look-up of turns in the stores has come: a line every few seconds, none for what is done at once.
import { nowUs } from "../../support/clock.js";
import { formatCount } from "../../support/units.js";

const EVERY_US = 3_000_000;

interface Progress {
  readonly worker: number;
  readonly done: number;
  readonly all: number;
}

export class VerifyingNotes {
  readonly #say: (text: string) => void;
  /** By worker: turns done, of how many. */
  readonly #parts = new Map<number, readonly [number, number]>();
  #nextUs: number | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** What one worker has done so far. */
  hear({ worker, done: ofWorker, all: inAll }: Progress): void {
    this.#parts.set(worker, [ofWorker, inAll]);
    const now = nowUs();
    this.#nextUs ??= now + EVERY_US;
    if (now < this.#nextUs) return;
    this.#nextUs = now + EVERY_US;
    const parts = [...this.#parts.values()];
    const done = parts.reduce((sum, [part]) => sum + part, 0);
    const all = parts.reduce((sum, [, part]) => sum + part, 0);
    this.#say(`stores: ${formatCount(done)} of ${formatCount(all)} turns looked up`);
  }
}
