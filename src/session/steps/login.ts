// Step `login`: log in again during the journey; the first login belongs to the prepare phase.
import { z } from "zod";
import { requestFailure } from "../request-failure.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

export const login = defineStep({
  summary: "log in again (the first login belongs to the prepare phase)",
  schema: () => z.strictObject({}).prefault({}),
  plan: () => ({ ...NOTHING_PLANNED, samples: { login: 1 } }),
  async run({ user, services }: Walk<"schedule" | "protocol" | "observer">) {
    const { schedule, protocol, observer } = services;
    const intendedUs = user.cursorUs;
    const samples = schedule.samplesAt(intendedUs).of("login");
    const answer = await protocol.refresh(user.session);
    if (answer.ok) {
      user.session = answer.session;
      samples.push(Math.max(0, answer.doneUs - intendedUs));
    } else {
      samples.censor();
      observer.trouble(`login ${answer.message}`, user.number, requestFailure("login", answer));
    }
    user.cursorUs = schedule.clock.nowUs();
  },
});
