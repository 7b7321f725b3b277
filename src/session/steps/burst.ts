// Step `burst`: several messages at once, without waiting for an answer in between.
import { z } from "zod";
import { type AskServices, ask } from "../user/ask.js";
import { MESSAGE_OPTIONS, turnsPlanned } from "./message.js";
import { defineStep, type Walk } from "./step.js";

const options = z.strictObject({
  messages: z.number().int().min(1).max(1000).default(5).describe("Number of messages"),
  ...MESSAGE_OPTIONS,
  expect: z
    .enum(["completed", "error", "rejected"])
    .default("completed")
    .describe("How the turns should end"),
  wait: z.boolean().default(true).describe("Wait for the end of all; false leaves them open"),
});

export const burst = defineStep({
  summary: "send several messages without waiting in between, then follow all to their ends",
  role: "sends-turn",
  schema: () => options.prefault({}),
  plan: ({ messages }) => turnsPlanned(messages),
  async run({ user, services }: Walk<keyof AskServices | "schedule">, { messages, wait, ...question }) {
    const intendedUs = user.cursorUs;
    const sent = Array.from({ length: messages }, () => ask(user, services, question, intendedUs));
    const all = Promise.all(sent);
    if (!wait) {
      user.cursorUs = services.schedule.clock.nowUs();
      return;
    }
    const turns = await all;
    const ends = turns.map((turn) => turn?.endedUs ?? Number.NaN);
    const known = ends.every((endedUs) => !Number.isNaN(endedUs));
    user.cursorUs = known ? Math.max(...ends) : services.schedule.clock.nowUs();
  },
});
