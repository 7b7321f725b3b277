// Step `wait-for`: repeat a request until the answer is as expected, for example for a job on the server.
import { z } from "zod";
import { duration } from "../../scenarios/schema/fields.js";
import { askAs, REQUEST_KEYS } from "./request.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

export const waitFor = defineStep({
  summary: "repeat a request below the target's url until its answer is as expected",
  schema: () =>
    z.strictObject({
      every: duration("Time between two requests", "500ms", { min: 10_000, max: 60_000_000 }).optional(),
      timeout: duration("How long the user waits", "30s", {
        min: 1000,
        max: 3_600_000_000,
      }).optional(),
      ...REQUEST_KEYS,
    }),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "wait.time": 1 } }),
  async run(walk: Walk<"schedule" | "observer" | "wire">, options) {
    const { user, services } = walk;
    const { schedule, observer } = services;
    const { every = 500_000, timeout = 30_000_000 } = options;
    const intendedUs = user.cursorUs;
    const untilUs = intendedUs + timeout;
    const samples = schedule.samplesAt(intendedUs, user.number).of("wait.time");
    for (;;) {
      const { answer, wrong } = await askAs(user, services, options);
      user.cursorUs = answer.doneUs;
      if (wrong === undefined) return samples.push(Math.max(0, answer.doneUs - intendedUs));
      const nextUs = answer.doneUs + every;
      const late = nextUs > untilUs;
      // If the load ends during the wait, it proves nothing.
      if (!late && !walk.active()) return;
      if (late) {
        samples.censor();
        observer.trouble(`wait-for ${options.name ?? `${options.method} ${options.path}`}: ${wrong}`);
        return;
      }
      await walk.sleepUntil(nextUs);
    }
  },
});
