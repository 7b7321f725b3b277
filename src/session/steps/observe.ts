// Step `observe`: the user only listens; anything that reaches it is checked for others' data.
import { z } from "zod";
import { duration } from "../../scenarios/schema/fields.js";
import { backOnline } from "./back-online.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

/** How often a listener checks its channel, and whether its time is over. */
const LOOK_US = 500_000;

const options = z.strictObject({
  for: duration("How long; by default until the load ends", "10s", {
    min: 1000,
    max: 86_400_000_000,
  }).optional(),
});

export const observe = defineStep({
  summary: "only listen: anything that arrives is someone else's, and a leak if it shows whose it is",
  schema: () => options.prefault({}),
  plan: (asked) => ({ ...NOTHING_PLANNED, thinkUs: asked.for ?? 0, endless: asked.for === undefined }),
  async run(walk: Walk<"schedule">, asked) {
    const { user, services, active, untilUs, sleepUntil } = walk;
    const { clock } = services.schedule;
    const endUs = user.cursorUs + (asked.for ?? Number.POSITIVE_INFINITY);
    while (active() && user.cursorUs < endUs) {
      user.cursorUs = Math.min(clock.nowUs() + LOOK_US, endUs, untilUs());
      await sleepUntil(user.cursorUs);
      // The channel could not be restored: without one, a user receives nothing.
      if (active() && !user.channel.ready && !(await user.channel.ensure())) await backOnline(walk);
    }
  },
});
