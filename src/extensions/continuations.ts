// Tracks whose code runs after a wait that gp-load did not start: Node passes each call on to its continuations.
import { AsyncLocalStorage, createHook } from "node:async_hooks";

/** Notified when a continuation of a call begins and ends; pairs nest. */
export interface Followed {
  begins(): void;
  ends(): void;
}

/** Slows every promise of the process a little, so it is created only once a call waits for something of its own. */
export class Continuations {
  readonly #calls = new AsyncLocalStorage<Followed | undefined>();
  readonly #hook = createHook({
    before: () => this.#calls.getStore()?.begins(),
    after: () => this.#calls.getStore()?.ends(),
  }).enable();

  /** Runs the code of a call. */
  of<Value>(call: Followed, start: () => Value): Value {
    return this.#calls.run(call, start);
  }

  /** Starts gp-load's own work on behalf of a call. */
  outside<Value>(start: () => Value): Value {
    return this.#calls.run(undefined, start);
  }

  end(): void {
    this.#hook.disable();
  }
}
