// Step `logout`: drop the channel and the session, log in with the account again, and open a new channel.
import { z } from "zod";
import { requestFailure } from "../request-failure.js";
import { backOnline } from "./back-online.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

export const logout = defineStep({
  summary: "log out, log in with the account again, and open a new channel",
  schema: () => z.strictObject({}).prefault({}),
  plan: () => ({ ...NOTHING_PLANNED, samples: { login: 1, connect: 1 } }),
  async run(walk: Walk<"schedule" | "observer" | "logIn">) {
    walk.user.channel.leave();
    await logIn(walk);
    await backOnline(walk);
  },
});

/** Logs in with the account, repeatedly until that works or the user's time is over. */
export async function logIn({
  user,
  services,
  active,
  blocked,
}: Walk<"schedule" | "observer" | "logIn">): Promise<void> {
  const { schedule, observer } = services;
  while (active()) {
    const intendedUs = user.cursorUs;
    const samples = schedule.samplesAt(intendedUs).of("login");
    const answer = await services.logIn(user.number);
    user.cursorUs = answer.doneUs;
    if (answer.ok) {
      user.session = answer.session;
      samples.push(Math.max(0, answer.doneUs - intendedUs));
      return;
    }
    samples.censor();
    observer.trouble(`login ${answer.message}`, user.number, requestFailure("login", answer));
    await blocked("no_login", intendedUs);
  }
}
