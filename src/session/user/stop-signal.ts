// Ends a run early: wakes every sleeping user. Lighter than an AbortSignal with a listener per user.
import type { Clock } from "../../support/clock.js";

export class StopSignal {
  readonly #sleepers = new Set<() => void>();
  #stopped = false;

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Resolves at the instant, at once when it is past, or when the run is stopped. */
  sleepUntil(clock: Clock, us: number): Promise<void> {
    if (this.#stopped || us <= clock.nowUs()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        cancel();
        resolve();
      };
      const cancel = clock.at(us, wake);
      this.#sleepers.add(wake);
    });
  }
}
