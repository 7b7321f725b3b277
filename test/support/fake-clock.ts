// A clock that stands still until a test moves it; timers fire in the order of their instants.
import type { Clock } from "../../src/support/clock.js";

interface Timer {
  readonly atUs: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  constructor(nowUs = 0) {
    this.#now = nowUs;
  }

  readonly nowUs = (): number => this.#now;

  /** Timers that have not fired. */
  get pending(): number {
    return this.#timers.length;
  }

  at(atUs: number, callback: () => void): () => void {
    const timer = { atUs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets that much time pass; what waits for a timer runs before the next one fires. */
  async pass(us: number): Promise<void> {
    const untilUs = this.#now + us;
    await settle();
    for (;;) {
      const next = this.#timers.reduce<Timer | undefined>(
        (first, timer) =>
          timer.atUs <= untilUs && (first === undefined || timer.atUs < first.atUs) ? timer : first,
        undefined,
      );
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.atUs);
      next.callback();
      await settle();
    }
    this.#now = untilUs;
  }

  /** Time passes without anybody noticing yet: as when the process was busy. */
  jump(us: number): void {
    this.#now += us;
  }
}

/** Everything that only waits for promises has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
