// What a fault wants to know of one user's turns, in order to strike at its moment.
import type { Turn } from "./turn.js";

/** All calls are synchronous, and made only while the disturbance is on the user. */
export interface Disturbance {
  /** The message of a turn was just handed to the channel. */
  sent?(turn: Turn, frame: string): void;
  /** An event of a turn was just taken, by its kind. */
  event?(turn: Turn, kind: string): void;
  /** The user saw the end of a turn. */
  ended?(turn: Turn): void;
}

/** The disturbances that are on one user. */
export class Disturbances {
  readonly #all = new Set<Disturbance>();

  /** @returns what takes it off again */
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
