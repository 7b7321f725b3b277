// Step `loop`: repeat the nested steps, a number of times or until the user's window ends.
import { z } from "zod";
import type { StepSpec } from "../../scenarios/scenario.js";
import type { NextStart } from "../starts.js";
import { defineStep, type StepPlan, type Walk } from "./step.js";

export const loop = defineStep({
  summary: "repeat the nested steps, a number of times or until the load ends",
  role: "repeats",
  schema: (journey: z.ZodType<readonly StepSpec[]>) =>
    z.union([
      journey.transform((steps) => ({ steps, times: undefined })),
      z.strictObject({
        steps: journey,
        times: z
          .number()
          .int()
          .min(1)
          .max(1_000_000)
          .optional()
          .describe("How often; absent: until the load ends"),
      }),
    ]) as z.ZodType<LoopOptions>,
  plan: ({ steps, times }, nested) => {
    const inner = nested(steps);
    return times === undefined ? { ...inner, endless: true } : repeated(inner, times);
  },
  async run(context, { steps, times }) {
    if (context.nextStart && times === undefined) await iterationsByStart(context, context.nextStart, steps);
    else await iterationsByUser(context, steps, times ?? context.passes ?? Number.POSITIVE_INFINITY);
  },
});

/** Closed load: the user starts the next pass when the last one is over. */
async function iterationsByUser(
  { user, services, active, walk, sleepUntil }: Walk<"schedule">,
  steps: readonly StepSpec[],
  times: number,
): Promise<void> {
  for (let pass = 0; pass < times && active(); pass++) {
    const beforeUs = user.cursorUs;
    await walk(steps);
    // Passes that take no time would spin forever and starve the sockets.
    if (user.cursorUs === beforeUs) {
      user.cursorUs = services.schedule.clock.nowUs() + 1000;
      await sleepUntil(user.cursorUs);
    }
  }
}

/** Open load: a pass starts when one is due and this user is the next free one. */
async function iterationsByStart(
  { user, walk }: Walk<"schedule">,
  nextStart: NextStart,
  steps: readonly StepSpec[],
): Promise<void> {
  for (let start = await nextStart(); start !== undefined; start = await nextStart()) {
    user.cursorUs = start.atUs;
    user.start = start.number;
    await walk(steps);
  }
}

interface LoopOptions {
  readonly steps: readonly StepSpec[];
  readonly times?: number | undefined;
}

function repeated(plan: StepPlan, times: number): StepPlan {
  const samples = Object.fromEntries(
    Object.entries(plan.samples).map(([metric, count]) => [metric, (count ?? 0) * times]),
  );
  return { ...plan, turns: plan.turns * times, thinkUs: plan.thinkUs * times, samples };
}
