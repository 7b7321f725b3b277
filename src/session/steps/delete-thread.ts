// Step `delete-thread`: talk in a separate thread, delete it, and look for it wherever it might still be.
import { z } from "zod";
import { probeDeletedThread } from "../probe/deleted-thread.js";
import { firstUsers } from "./first-users.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

export const deleteThread = defineStep({
  summary: "talk in a thread, delete it, and look for it in history, list, search and socket",
  schema: () => z.strictObject({ users: firstUsers }).prefault({}),
  needs: (capabilities) => (capabilities.history ? undefined : "a history"),
  plan: () => NOTHING_PLANNED,
  async run({ user, services }: Walk<"schedule" | "protocol" | "observer" | "wire">, { users }) {
    if (users !== undefined && user.number >= users) return;
    await probeDeletedThread(user, services);
    user.cursorUs = services.schedule.clock.nowUs();
  },
});
