// Step `connect`: open the user's channel, and a thread to talk in.
import { z } from "zod";
import { backOnline, RETRY_US } from "./back-online.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

export const connect = defineStep({
  summary: "open a channel, and a thread to talk in",
  role: "opens-channel",
  schema: () =>
    z
      .strictObject({
        threads: z.number().int().min(1).max(100).default(1).describe("Threads that the user opens"),
      })
      .prefault({}),
  plan: () => ({ ...NOTHING_PLANNED, samples: { connect: 1, "users.live": 1, "socket.rtt": 1 } }),
  async run(walk, { threads }) {
    const { user, services, active, sleepUntil } = walk;
    const { schedule } = services;
    await backOnline(walk);
    for (let number = user.threads.length; number < threads && active(); number++) {
      const answer = await services.protocol.createThread(user.session, `conversation ${number + 1}`);
      user.cursorUs = schedule.clock.nowUs();
      if (answer.ok) user.addThread(answer.threadId);
      else {
        services.observer.trouble(`thread ${answer.message}`);
        user.cursorUs += RETRY_US;
        await sleepUntil(user.cursorUs);
        number--;
      }
    }
  },
});
