// Knows whose code runs after a wait that gp-load did not make: Node carries each call along to whatever continues it.
import { AsyncLocalStorage, createHook } from "node:async_hooks";

/** Told when what continues a call begins and ends; pairs nest. */
export interface Followed {
  begins(): void;
  ends(): void;
}

/** Costs every promise of the process a little, so it is made only once a call waits for something of its own. */
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

  /** Starts what is gp-load's own work, although a call asked for it. */
  outside<Value>(start: () => Value): Value {
    return this.#calls.run(undefined, start);
  }

  end(): void {
    this.#hook.disable();
  }
}
