// Users who could not log in: they are never live, and the turns they would have started fail.
import type { StepSpec } from "../../../scenarios/scenario.js";
import type { NextStart } from "../../../session/starts.js";
import { passOf, sendsTurns } from "../../../session/steps/index.js";
import { RETRY_US } from "../../../session/steps/step.js";
import { type BookServices, bookBlockedTurn } from "../../../session/user/blocked-turn.js";
import type { StopSignal } from "../../../session/user/stop-signal.js";

export interface AbsentStay {
  readonly fromUs: number;
  readonly untilUs: () => number;
  readonly stop: StopSignal;
  readonly nextStart: NextStart | undefined;
}

export class AbsentUser {
  #turns = 0;

  constructor(readonly number: number) {}

  /**
   * Its part of the load: a failed turn for each start assigned to it; under a closed load, one per think time, but at most one
   * per second. Nothing is sent.
   */
  async stay(
    journey: readonly StepSpec[],
    { fromUs, untilUs, stop, nextStart }: AbsentStay,
    services: BookServices,
  ): Promise<void> {
    const { clock } = services.schedule;
    const sends = sendsTurns(journey);
    const betweenUs = Math.max(RETRY_US, passOf(journey).thinkUs);
    let atUs: number | undefined = fromUs;
    await stop.sleepUntil(clock, fromUs);
    for (;;) {
      if (nextStart) atUs = (await nextStart())?.atUs;
      if (stop.stopped || atUs === undefined || atUs >= untilUs()) return;
      if (sends) this.#book(atUs, services);
      const nextUs = Math.max(atUs, clock.nowUs()) + (nextStart ? RETRY_US : betweenUs);
      if (nextUs >= untilUs()) return;
      await stop.sleepUntil(clock, nextUs);
      atUs = nextUs;
    }
  }

  #book(intendedUs: number, services: BookServices): void {
    const number = this.#turns++;
    bookBlockedTurn({ user: this.number, number, intendedUs, reason: "no_login" }, services);
  }
}
