// Ends turns after silence following the last text, if no frame marks the end. A weak last resort.
import type { Clock } from "../../../support/clock.js";
import type { Turn } from "../turn.js";

export class QuietEnds {
  readonly #clock: Clock;
  readonly #silenceUs: number;
  readonly #end: (turn: Turn, lastUs: number) => void;
  /** When the turn was last heard; its timer is set. */
  readonly #heardUs = new Map<Turn, number>();

  /** @param end called with the turn and the time of its last event, which is when it ended */
  constructor(clock: Clock, silenceUs: number, end: (turn: Turn, lastUs: number) => void) {
    this.#clock = clock;
    this.#silenceUs = silenceUs;
    this.#end = end;
  }

  /** An event of the turn arrived. Silence before the first text of an answer does not end the turn. */
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
