// Step `offline`: the user goes away, leaving turns open, and comes back after a while.
import { z } from "zod";
import { duration } from "../../scenarios/schema/fields.js";
import { backOnline } from "./back-online.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

const options = z.strictObject({
  for: duration("How long the user is away", "2s", { min: 100_000, max: 3_600_000_000 }),
});

export const offline = defineStep({
  summary: "close the channel, stay away for a while, come back; open turns stay the user's",
  schema: () => options,
  plan: (asked) => ({ ...NOTHING_PLANNED, thinkUs: asked.for, samples: { connect: 1 } }),
  async run(walk: Walk<"schedule">, asked) {
    const { user, services, sleepUntil } = walk;
    user.channel.leave();
    user.cursorUs += asked.for;
    await sleepUntil(user.cursorUs);
    // Even if the load has ended meanwhile, since open turns reach their user only there. Woken early: the run was stopped.
    if (services.schedule.clock.nowUs() >= user.cursorUs) await backOnline(walk);
  },
});
