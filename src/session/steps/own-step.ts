// A step of the user's own code: the host makes the call, and this handles its place in the journey and its time.
import { z } from "zod";
import { defineStep, NOTHING_PLANNED, type Step, type Walk } from "./step.js";

/** Shorter waits come from the event loop, and do not move the user's cursor. */
const LEAST_WAIT_US = 200;

/** The step of that name, `owner/name`; its options were parsed by the module that defines it. */
export function ownStep(name: string): Step {
  return defineStep({
    summary: "a step of a module under `extensions`",
    schema: () => z.unknown(),
    plan: () => ({ ...NOTHING_PLANNED, samples: { "step.time": 1 } }),
    async run({ user, services }: Walk<"schedule" | "observer" | "ownSteps">, options) {
      const { schedule, observer, ownSteps } = services;
      if (!ownSteps) throw new Error(`the module of the step ${name} was not loaded`);
      const intendedUs = user.cursorUs;
      const lateUs = Math.max(0, schedule.clock.nowUs() - intendedUs);
      const { waitedUs, why } = await ownSteps.step(name, options, user);
      const samples = schedule.samplesAt(intendedUs, user.number).of("step.time");
      // Time in its own code is the generator's delay: the next step was intended that much earlier.
      if (waitedUs >= LEAST_WAIT_US) user.cursorUs = intendedUs + lateUs + waitedUs;
      if (why === undefined) samples.push(waitedUs);
      else {
        samples.censor();
        observer.trouble(`step ${why}`, user.number);
      }
    },
  });
}
