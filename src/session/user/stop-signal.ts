// Ends a run early: wakes every sleeping user. Lighter than an AbortSignal with a listener per user.
import type { Clock } from "../../support/clock.js";
import { type Link, LinkedList } from "../linked-list.js";

interface Sleeper extends Link<Sleeper> {
  readonly wake: () => void;
}

export class StopSignal {
  readonly #sleepers = new LinkedList<Sleeper>();
  #stopped = false;

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    for (const { wake } of this.#sleepers) wake();
  }

  /** Resolves at the instant (immediately if it is past), or when the run is stopped. */
  sleepUntil(clock: Clock, us: number): Promise<void> {
    if (this.#stopped || us <= clock.nowUs()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.remove(sleeper);
        cancel();
        resolve();
      };
      const sleeper: Sleeper = { before: undefined, after: undefined, wake };
      const cancel = clock.at(us, wake);
      this.#sleepers.add(sleeper);
    });
  }
}
