// Hands the due starts of an open load to free sessions, and counts those that found none.
import type { Pacer, Start } from "../../load/pacer.js";
import { emptyStarts, type StartCounts } from "../../model/log/starts.js";
import { MAX_OWN_DELAY_US } from "../../model/metric.js";
import type { Clock } from "../../support/clock.js";

/** A start noticed this late is dropped: it would measure the worker's own delay. */
export const TOO_LATE_US = 100_000;

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly phaseAt: (us: number) => string;
  /** Whether another pass may start: a run may have a limit on turns. */
  readonly mayStart: () => boolean;
}

/**
 * There is no queue: a start that finds no session free is dropped at once, so that the load never bunches up behind a
 * slow target. The session that has been free longest is next, so that all sessions talk equally often.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #byPhase: Record<string, StartCounts> = {};
  /** Free sessions, oldest first; the part before `#head` is used up. */
  #free: ((start: Start | undefined) => void)[] = [];
  #head = 0;
  #originUs = 0;
  #next: Start | undefined;
  #unmet: { readonly start: Start; readonly lateUs: number }[] = [];
  #cancelNext: () => void = () => {};
  #cancelEnd: () => void = () => {};
  #over = false;
  #second = emptyStarts();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Starts that came due, by the phase of their instant. */
  get byPhase(): Readonly<Record<string, StartCounts>> {
    return this.#byPhase;
  }

  /** From now on starts are due: the pacer's times count from `originUs`, and no session waits beyond `endUs`. */
  begin(originUs: number, endUs: number): void {
    if (this.#over) return;
    this.#originUs = originUs;
    this.#cancelEnd = this.#options.clock.at(endUs, () => this.end());
    this.#advance();
    this.#arm();
  }

  /** No more starts: releases every session that is waiting for one. */
  end(): void {
    this.#over = true;
    this.#cancelNext();
    this.#cancelEnd();
    this.#next = undefined;
    for (const wake of this.#free.splice(0).slice(this.#head)) wake(undefined);
    this.#head = 0;
  }

  /** Marks the session as free. Resolves with its next start, or `undefined` if there are no more. */
  nextStart(): Promise<Start | undefined> {
    if (this.#over) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#free.push(resolve));
  }

  /** Counts since the last call. */
  take(): StartCounts {
    const taken = this.#second;
    this.#second = emptyStarts();
    return taken;
  }

  #advance(): void {
    const next = this.#options.pacer.next();
    this.#next = next && { ...next, atUs: this.#originUs + next.atUs };
  }

  #arm(): void {
    if (this.#next === undefined) return;
    this.#cancelNext = this.#options.clock.at(this.#next.atUs, () => this.#due());
  }

  #due(): void {
    const now = this.#options.clock.nowUs();
    while (this.#next !== undefined && this.#next.atUs <= now) {
      this.#start(this.#next, now - this.#next.atUs);
      this.#advance();
    }
    this.#arm();
  }

  #start(start: Start, lateUs: number): void {
    if (!this.#options.mayStart()) return;
    if (lateUs > TOO_LATE_US) this.#count(start.atUs, "droppedByGenerator");
    else if (!this.#hand(start)) this.#askAgain(start, lateUs);
  }

  #hand(start: Start): boolean {
    const session = this.#free[this.#head];
    if (!session) return false;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#free.length) {
      this.#free = this.#free.slice(this.#head);
      this.#head = 0;
    }
    this.#count(start.atUs, "made");
    session(start);
    return true;
  }

  /** A session may already be free, with its last frame still unread: lets sockets be read first, then tries again. */
  #askAgain(start: Start, lateUs: number): void {
    this.#unmet.push({ start, lateUs });
    if (this.#unmet.length > 1) return;
    setImmediate(() => {
      for (const unmet of this.#unmet.splice(0)) {
        // A late worker has not read the frames that freed sessions meanwhile: that is not the target's fault.
        const cause = unmet.lateUs > MAX_OWN_DELAY_US ? "droppedByGenerator" : "droppedByTarget";
        if (!this.#hand(unmet.start)) this.#count(unmet.start.atUs, cause);
      }
    });
  }

  #count(atUs: number, what: Exclude<keyof StartCounts, "planned">): void {
    const phase = this.#options.phaseAt(atUs);
    let counts = this.#byPhase[phase];
    if (!counts) {
      counts = emptyStarts();
      this.#byPhase[phase] = counts;
    }
    counts.planned++;
    counts[what]++;
    this.#second.planned++;
    this.#second[what]++;
  }
}
