// Step `think`: the user reads and thinks, for a fixed time or one drawn uniformly from a range.
import { z } from "zod";
import { parseDurationUs } from "../../support/units.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

export interface ThinkRange {
  readonly fromUs: number;
  readonly toUs: number;
}

const range = z
  .string()
  .transform((text, context): ThinkRange => {
    const [from = "", to = from, ...rest] = text.split("..");
    const fromUs = parseDurationUs(from);
    const toUs = parseDurationUs(to);
    if (fromUs === undefined || toUs === undefined || rest.length > 0 || toUs < fromUs) {
      context.addIssue({
        code: "custom",
        message: `"${text}" is not a think time; write for example 2s or 1s..3s`,
      });
      return z.NEVER;
    }
    return { fromUs, toUs };
  })
  .describe("A duration, or a range to draw from: 1s..3s");

export const think = defineStep({
  summary: "wait, like a user who reads and thinks",
  role: "waits",
  schema: () => range,
  plan: ({ fromUs, toUs }) => ({ ...NOTHING_PLANNED, thinkUs: (fromUs + toUs) / 2 }),
  run({ user, untilUs, sleepUntil }, { fromUs, toUs }) {
    user.cursorUs += Math.round(user.random.between(fromUs, toUs));
    // A user who thinks beyond the window stays until it ends: a user who is reading is live.
    return sleepUntil(Math.min(user.cursorUs, untilUs()));
  },
});
