// What a fault needs to know about one user's turns to strike at the right moment.
import type { Turn } from "./turn.js";

/** All calls are synchronous, and only made while the disturbance is active. */
export interface Disturbance {
  /** The message of a turn was just passed to the channel. */
  sent?(turn: Turn, frame: string): void;
  /** An event of a turn was just processed. */
  event?(turn: Turn, kind: string): void;
  /** The user saw the end of a turn. */
  ended?(turn: Turn): void;
}

/** The active disturbances of one user. */
export class Disturbances {
  readonly #all = new Set<Disturbance>();

  /** @returns a function that removes it */
  add(disturbance: Disturbance): () => void {
    this.#all.add(disturbance);
    return () => this.#all.delete(disturbance);
  }

  sent(turn: Turn, frame: string): void {
    for (const one of this.#all) one.sent?.(turn, frame);
  }

  event(turn: Turn, kind: string): void {
    for (const one of this.#all) one.event?.(turn, kind);
  }

  ended(turn: Turn): void {
    for (const one of this.#all) one.ended?.(turn);
  }
}
