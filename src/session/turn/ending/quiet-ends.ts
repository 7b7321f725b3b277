// Ends of turns that no frame marks: so much silence behind the last text. The last resort, and a weak one.
import type { Clock } from "../../../support/clock.js";
import type { Turn } from "../turn.js";

export class QuietEnds {
  readonly #clock: Clock;
  readonly #silenceUs: number;
  readonly #end: (turn: Turn, lastUs: number) => void;
  /** When the turn was last heard; its timer is set. */
  readonly #heardUs = new Map<Turn, number>();

  /** @param end is told the turn and the instant of its last event, which is when it ended */
  constructor(clock: Clock, silenceUs: number, end: (turn: Turn, lastUs: number) => void) {
    this.#clock = clock;
    this.#silenceUs = silenceUs;
    this.#end = end;
  }

  /** An event of the turn came. Silence before the first text of an answer ends nothing. */
  heard(turn: Turn, atUs: number): void {
    if (turn.end !== undefined || Number.isNaN(turn.firstTextUs)) return;
    const waiting = this.#heardUs.has(turn);
    this.#heardUs.set(turn, atUs);
    if (!waiting) this.#wait(turn, atUs);
  }

  #wait(turn: Turn, fromUs: number): void {
    this.#clock.at(fromUs + this.#silenceUs, () => {
      const lastUs = this.#heardUs.get(turn) ?? fromUs;
      if (turn.end === undefined && lastUs > fromUs) return this.#wait(turn, lastUs);
      this.#heardUs.delete(turn);
      if (turn.end === undefined) this.#end(turn, lastUs);
    });
  }
}
