// The time that a user is without its channel, as samples of `reconnect`: over, given up, or cut off by the end of the run.
//
// A service may close every channel that it has answered on, or that was idle, in good order and between turns. Its users
// come back at once and miss nothing: for a moment they still count as live, unless coming back fails.
import type { Schedule } from "../services.js";

/** What coming back takes at most where nothing is in its way. */
export const RETURN_US = 1_000_000;

export class Downtime {
  readonly #schedule: Schedule;
  /** Shorter than that it may have been anything, when the run ends it. */
  readonly #patienceUs: number;
  #lostUs = Number.NaN;
  /** The service closed it in good order, and has not refused it since. */
  #inGoodOrder = false;

  constructor(schedule: Schedule, patienceUs: number) {
    this.#schedule = schedule;
    this.#patienceUs = patienceUs;
  }

  get holds(): boolean {
    return !Number.isNaN(this.#lostUs);
  }

  begin(atUs: number, inGoodOrder: boolean): void {
    if (this.holds) return;
    this.#lostUs = atUs;
    this.#inGoodOrder = inGoodOrder;
  }

  /** A try to come back failed. */
  failed(): void {
    this.#inGoodOrder = false;
  }

  /** The user is on its way back and counts as live. */
  isBrief(us: number): boolean {
    return this.#inGoodOrder && us - this.#lostUs <= RETURN_US;
  }

  /** The session is ready again. @returns whether it had been lost */
  over(atUs: number): boolean {
    if (!this.holds) return false;
    this.#samplesAt(atUs).push(Math.max(0, atUs - this.#lostUs));
    this.#lostUs = Number.NaN;
    return true;
  }

  /** All tries are used: longer than every limit. */
  givenUp(): void {
    if (this.holds) this.#samplesAt(this.#schedule.clock.nowUs()).censor();
    this.#lostUs = Number.NaN;
  }

  /** The user leaves while it is still trying: nobody waited for that to end, unless it had already taken long. */
  cutOff(): void {
    if (this.#schedule.clock.nowUs() - this.#lostUs > this.#patienceUs) this.givenUp();
    this.#lostUs = Number.NaN;
  }

  #samplesAt(us: number) {
    return this.#schedule.samplesAt(us).of("reconnect");
  }
}
