// The time that a user is without its channel, as samples of `reconnect`: over, given up, or cut off by the end of the run.
import type { Schedule } from "../services.js";

export class Downtime {
  readonly #schedule: Schedule;
  /** Shorter than that it may have been anything, when the run ends it. */
  readonly #patienceUs: number;
  #lostUs = Number.NaN;

  constructor(schedule: Schedule, patienceUs: number) {
    this.#schedule = schedule;
    this.#patienceUs = patienceUs;
  }

  get holds(): boolean {
    return !Number.isNaN(this.#lostUs);
  }

  begin(atUs: number): void {
    if (!this.holds) this.#lostUs = atUs;
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
