// The samples of a turn by its labels, cached: most turns of a user have the same labels as the one before.
import type { PhaseSamples } from "../../metrics/samples.js";
import type { Uses } from "../services.js";

/** How the turns of one user differ, according to their labels. */
interface TurnLabels {
  readonly phase: string;
  readonly prompt: string;
  readonly weight: string;
  /** Which of the user's threads, from 1. */
  readonly thread: number;
  readonly step: string;
}

export class LabelledSamples {
  readonly #services: Uses<"schedule" | "groupNameOf">;
  readonly #user: number;
  #last: TurnLabels | undefined;
  #samples: PhaseSamples | undefined;

  constructor(services: Uses<"schedule" | "groupNameOf">, user: number) {
    this.#services = services;
    this.#user = user;
  }

  /** Samples of the turn intended at that instant, whose phase is in the labels. */
  at(intendedUs: number, labels: TurnLabels): PhaseSamples {
    if (this.#samples === undefined || this.#last === undefined || !isSame(labels, this.#last)) {
      const { schedule, groupNameOf } = this.#services;
      const { prompt, weight, thread, step } = labels;
      const values = [groupNameOf(this.#user), prompt, weight, String(thread), step, ""];
      this.#samples = schedule.samplesAt(intendedUs, this.#user, values);
      this.#last = labels;
    }
    return this.#samples;
  }
}

function isSame(one: TurnLabels, other: TurnLabels): boolean {
  return (
    one.phase === other.phase &&
    one.prompt === other.prompt &&
    one.weight === other.weight &&
    one.thread === other.thread &&
    one.step === other.step
  );
}
