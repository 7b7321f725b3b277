// Step `send`: one turn; the user waits for its end before the next step.
import { z } from "zod";
import { withNonce } from "../message-text.js";
import { defineStep } from "./step.js";

export const send = defineStep({
  summary: "send one message and follow its turn to the end",
  role: "sends-turn",
  schema: () =>
    z
      .strictObject({
        prompt: z.string().min(1).default("mix").describe("A prompt of the library, or mix for all in turn"),
        thread: z.number().int().min(1).default(1).describe("Which of the user's threads, from 1"),
        expect: z
          .enum(["completed", "error", "rejected"])
          .default("completed")
          .describe("How the turn should end; an expected error counts as right"),
      })
      .prefault({}),
  plan: () => ({
    turns: 1,
    thinkUs: 0,
    endless: false,
    samples: {
      "message.processing": 1,
      "event.delivery": 5,
      "answer.first": 1,
      "event.gap": 1,
      "agent.response": 1,
      "tool.duration": 1,
      "turns.success": 1,
      "turns.lost": 1,
      "turns.rate": 1,
      goodput: 1,
      "events.missing": 1,
      "events.duplicate": 1,
      "events.out-of-order": 1,
      "events.leaked": 1,
      degradation: 1,
    },
  }),
  async run({ user, services }, { prompt, thread: number, expect }) {
    const thread = user.threads[(number - 1) % Math.max(1, user.threads.length)];
    if (!thread || !services.mayStartTurn()) return;
    const {
      id: promptId,
      text,
      weight,
      facts,
    } = services.prompts.render(prompt, user.number, user.turns, user.random);
    const turn = await user.send({
      text: (nonce) => withNonce(text, nonce),
      thread,
      intendedUs: user.cursorUs,
      expect,
      metadata: { weight },
      question: { promptId, facts },
    });
    // The next step is intended when this turn was seen to end, not when we got round to noticing.
    user.cursorUs = Number.isNaN(turn.endedUs) ? services.schedule.clock.nowUs() : turn.endedUs;
    services.settler.roll(user);
  },
});
