// Step `probe`: try to reach what must not be reached, as another user or without a good token.
import { z } from "zod";
import { DOORS, type Door, SEEKERS, type Seeker, tryDoor } from "../access-probes.js";
import { defineStep, NOTHING_PLANNED } from "./step.js";

const oneOrMore = <T extends string>(words: readonly [T, ...T[]], description: string) =>
  z
    .union([z.enum(words).transform((word): readonly T[] => [word]), z.array(z.enum(words)).min(1)])
    .default([...words])
    .describe(description);

const options = z.strictObject({
  as: oneOrMore<Seeker>(SEEKERS, "As whom: another user, without a token, with a made-up or an expired one"),
  what: oneOrMore<Door>(DOORS, "What is tried: reading a thread, searching it, listing threads, the socket"),
});

export const probe = defineStep({
  summary: "try to reach what must be refused: others' threads, and anything without a good token",
  schema: () => options.prefault({}),
  plan: () => NOTHING_PLANNED,
  async run({ user, services, active }, { as, what }) {
    for (const seeker of as) {
      for (const door of what) {
        if (!active()) return;
        const probed = await tryDoor(door, seeker, user, services);
        if (probed) services.observer.probed(probed);
        user.cursorUs = services.schedule.clock.nowUs();
      }
    }
  },
});
