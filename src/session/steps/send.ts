// Step `send`: one turn; the user waits for its end before the next step.
import { z } from "zod";
import { MIX } from "../../scenarios/prompts/prompt.js";
import { type AskServices, ask } from "../user/ask.js";
import { MESSAGE_OPTIONS, turnsPlanned } from "./message.js";
import { replaceOver } from "./open-threads.js";
import { defineStep, type Walk } from "./step.js";

export const send = defineStep({
  summary: "send one message and follow its turn to the end",
  role: "sends-turn",
  schema: () =>
    z
      .strictObject({
        ...MESSAGE_OPTIONS,
        expect: z
          .enum(["completed", "error", "rejected"])
          .default("completed")
          .describe("How the turn should end; an expected error counts as right"),
        same: z
          .boolean()
          .default(false)
          .describe("Ask what all users ask: the same figures, alternating between the prompt's wordings"),
        record: z
          .boolean()
          .default(false)
          .describe("Include a made-up record in the message that looks sensitive"),
      })
      .prefault({}),
  plan: ({ record }) => ({ ...turnsPlanned(1), plantsRecords: record }),
  async run(walk: Walk<keyof AskServices | "schedule" | "protocol" | "observer">, question) {
    const { user, services } = walk;
    if (services.conversations && question.prompt === MIX) await replaceOver(walk, question.thread);
    const turn = await ask(user, services, question, user.cursorUs);
    if (!turn) return;
    // The next step is intended when the turn's end arrived, not when we got round to noticing it.
    user.cursorUs = Number.isNaN(turn.endedUs) ? services.schedule.clock.nowUs() : turn.endedUs;
  },
});
