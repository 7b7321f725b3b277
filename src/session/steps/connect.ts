// Step `connect`: open the user's channel, and a thread to talk in.
import { z } from "zod";
import { backOnline } from "./back-online.js";
import { openThreads } from "./open-threads.js";
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
    await backOnline(walk);
    await openThreads(walk, threads);
  },
});
