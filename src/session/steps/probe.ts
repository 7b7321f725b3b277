// Step `probe`: try to access what must be refused, as another user or without a valid token.
import { z } from "zod";
import { type AccessServices, attemptsOf, SEEKERS, type Seeker, tryDoor } from "../probe/access-probes.js";
import { type Door, ENDPOINTS } from "../probe/endpoints.js";
import { defineStep, NOTHING_PLANNED, type Walk } from "./step.js";

const oneOrMore = <T extends string>(words: readonly [T, ...T[]], description: string) =>
  z
    .union([z.enum(words).transform((word): readonly T[] => [word]), z.array(z.enum(words)).min(1)])
    .default([...words])
    .describe(description);

const options = z.strictObject({
  as: oneOrMore<Seeker>(
    SEEKERS,
    "As whom: another user, one of another organisation, or without a valid token",
  ),
  what: oneOrMore<Door>(
    ENDPOINTS,
    "What is tried: reading, searching or deleting a thread, listing or creating threads, the socket",
  ),
  attempts: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe("Most attempts per pass; the next pass continues with the following ones"),
});

export const probe = defineStep({
  summary: "try what must be refused: others' threads, and anything without a valid token",
  schema: () => options.prefault({}),
  plan: () => NOTHING_PLANNED,
  async run({ user, services, active }: Walk<keyof AccessServices>, { as, what, attempts }) {
    const all = attemptsOf(as, what);
    const most = Math.min(all.length, attempts ?? all.length);
    for (let made = 0; made < most && active(); made++) {
      // Neighbouring users start with different attempts, so that all kinds happen early in a run.
      const [seeker, door] = all[(user.attempts++ + user.number * most) % all.length] ?? [];
      if (!seeker || !door) return;
      const probed = await tryDoor(door, seeker, user, services);
      if (probed) services.observer.probed(probed);
      user.cursorUs = services.schedule.clock.nowUs();
    }
  },
});
