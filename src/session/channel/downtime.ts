// A user's time without its channel, as samples of `reconnect`: over, given up, or cut off by the end of the run.
//
// A service may cleanly close channels between turns, after an answer or when idle. Its users reconnect at once and miss
// nothing: they count as live for a moment, unless reconnecting fails.
import type { Schedule } from "../services.js";

/** Most time that an undisturbed reconnect takes. */
export const RETURN_US = 1_000_000;

export class Downtime {
  readonly #schedule: Schedule;
  /** If the run ends it sooner, it may have been anything. */
  readonly #patienceUs: number;
  #lostUs = Number.NaN;
  /** The service closed it cleanly, and has not refused a reconnect since. */
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

  /** A reconnect failed. */
  failed(): void {
    this.#inGoodOrder = false;
  }

  /** Whether the user is reconnecting and still counts as live. */
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

  /** All tries are used up: longer than every limit. */
  givenUp(): void {
    if (this.holds) this.#samplesAt(this.#schedule.clock.nowUs()).censor();
    this.#lostUs = Number.NaN;
  }

  /** The user leaves while still trying: not a sample, unless it had already taken long. */
  cutOff(): void {
    if (this.#schedule.clock.nowUs() - this.#lostUs > this.#patienceUs) this.givenUp();
    this.#lostUs = Number.NaN;
  }

  #samplesAt(us: number) {
    return this.#schedule.samplesAt(us).of("reconnect");
  }
}
