// Step `leave-waiting`: leaves the agent's request undecided, and the user goes on with something else.
import { z } from "zod";
import { leaveWaiting, turnUnderWay } from "../user/stop-and-decide.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

export const leaveWaitingStep = defineStep({
  summary: "leave the agent's request undecided: the turn ends as waiting",
  decides: true,
  needs: ({ asks }) => (asks ? undefined : "approvals"),
  schema: () => z.strictObject({}).prefault({}),
  plan: () => ({ ...NOTHING_PLANNED, samples: { "approval.time": 1 } }),
  async run({ user, services }) {
    const turn = turnUnderWay(user);
    if (turn) await user.seen(turn);
    user.cursorUs = services.schedule.clock.nowUs();
    leaveWaiting(user, user.cursorUs);
  },
});
