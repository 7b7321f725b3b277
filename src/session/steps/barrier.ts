// Step `barrier`: all users wait for one instant, so that the next step starts for all of them at once.
import { z } from "zod";
import { duration } from "../../scenarios/schema/fields.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

const HOUR_US = 3_600_000_000;

const options = z.union(
  [
    z.strictObject({
      at: duration("The instant, as time since the start of the ramp; once it is past, nobody waits", "3s", {
        max: 24 * HOUR_US,
      }),
    }),
    z.strictObject({
      every: duration("The next instant that is a multiple of this after the start of the ramp", "2s", {
        min: 1000,
        max: HOUR_US,
      }),
    }),
  ],
  { error: "expected { at: 3s } or { every: 2s }" },
);

export const barrier = defineStep({
  summary: "wait until an instant that is the same for all users",
  role: "waits",
  schema: () => options,
  plan: (asked) => ("every" in asked ? { ...NOTHING_PLANNED, thinkUs: asked.every / 2 } : NOTHING_PLANNED),
  async run({ user, services, untilUs, sleepUntil }: Walk<"schedule">, asked) {
    const { rampUs } = services.schedule;
    // While a baseline step runs, the start of the ramp is unknown, so nothing in it can be waited for.
    const instantUs =
      "at" in asked
        ? (rampUs ?? Number.NEGATIVE_INFINITY) + asked.at
        : nextOf(asked.every, rampUs ?? 0, user.cursorUs);
    if (instantUs <= user.cursorUs) return;
    user.cursorUs = instantUs;
    // Nothing starts after the window, so there is no reason to wait.
    if (instantUs < untilUs()) await sleepUntil(instantUs);
  },
});

/** The first instant after `us` that is a multiple of `everyUs` after `originUs`. */
function nextOf(everyUs: number, originUs: number, us: number): number {
  return originUs + (Math.floor((us - originUs) / everyUs) + 1) * everyUs;
}
