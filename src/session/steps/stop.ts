// Step `stop`: a message whose turn the user stops, after a time or at an event.
import { z } from "zod";
import { CRITICAL_EVENTS, type EventKind } from "../../model/turn/event.js";
import { duration } from "../../scenarios/schema/fields.js";
import { TurnControl } from "../turn/turn-control.js";
import { ask } from "../user/ask.js";
import { stopTurn, turnUnderWay } from "../user/stop-and-decide.js";
import { MESSAGE_OPTIONS } from "./message.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

/** Moments of a turn at which its user may stop it. */
const MOMENTS = ["text", ...CRITICAL_EVENTS.filter((kind) => kind !== "agent_completed")] as const;

const after = z
  .union([z.enum(MOMENTS), duration("How long after the message", "300ms", { min: 0, max: 3_600_000_000 })])
  .default("text")
  .describe("When: after this time, at the first text of the answer, or at the first event of that kind");

const options = z.strictObject({
  after,
  ...MESSAGE_OPTIONS,
});

export const stop = defineStep({
  summary: "send one message and stop its turn",
  role: "sends-turn",
  needs: ({ stops }) => (stops ? undefined : "a stop"),
  schema: () => options.prefault({}),
  plan: () => ({
    ...NOTHING_PLANNED,
    turns: 1,
    samples: {
      "message.processing": 1,
      "stop.time": 1,
      "turns.success": 1,
      "turns.lost": 1,
      "turns.rate": 1,
    },
  }),
  async run({ user, services }, { after, ...question }) {
    const { clock } = services.schedule;
    const control = new TurnControl();
    const choice = { ...question, expect: "completed", control, streamed: true } as const;
    const sent = ask(user, services, choice, user.cursorUs);
    const turn = sent && turnUnderWay(user);
    if (!sent || !turn) return;
    let cancel = (): void => {};
    if (typeof after === "number")
      cancel = clock.at(clock.nowUs() + after, () => stopTurn(user, turn, services));
    else {
      const moment: EventKind = after === "text" ? "answer_delta" : after;
      control.onEvent = ({ kind }) => {
        if (kind === moment) stopTurn(user, turn, services);
      };
    }
    await sent;
    cancel();
    user.cursorUs = Number.isNaN(turn.endedUs) ? clock.nowUs() : turn.endedUs;
  },
});
