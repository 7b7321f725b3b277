// Fault `disconnect`: users lose their connection, at once or at a moment of their turns.
import { z } from "zod";
import { CRITICAL_EVENTS } from "../../model/turn/event.js";
import { Disturbances } from "../../session/turn/disturbance.js";
import { defineUserFault } from "../user-fault.js";

const options = {
  when: z
    .enum(["any", "within", "between"])
    .default("any")
    .describe("At once; or as soon as a turn is under way, or none is"),
  after: z.enum(CRITICAL_EVENTS).optional().describe("As soon as this event of a turn has come"),
};
type Options = z.output<z.ZodObject<typeof options>>;

const waits = ({ when, after }: Options): boolean => when !== "any" || after !== undefined;

export const disconnect = defineUserFault("disconnect", {
  summary:
    "users lose their connection; with `when` or `after` each at its moment, once, while the fault holds",
  options,
  lasts: (chosen) => (waits(chosen) ? "lasting" : "instant"),
  detail: ({ after, when }) => (after ? `after ${after}` : when === "any" ? "" : `${when} turns`),
  strike({ user, hit }, chosen) {
    const cut = (): boolean => {
      const done = user.socket?.faults.cut() ?? false;
      if (done) hit();
      return done;
    };
    const busy = (): boolean => user.open.some(({ end }) => end === undefined);
    if (!waits(chosen) || (chosen.after === undefined && busy() === (chosen.when === "within"))) {
      if (cut() || !waits(chosen)) return undefined;
    }
    user.disturbances ??= new Disturbances();
    const off = user.disturbances.add({
      event(_turn, kind) {
        if (chosen.after === undefined ? chosen.when === "within" && busy() : kind === chosen.after)
          if (cut()) off();
      },
      ended() {
        // Not while the frame that ended the turn is still being handled.
        if (chosen.after === undefined && chosen.when === "between")
          queueMicrotask(() => {
            if (!busy() && cut()) off();
          });
      },
    });
    return off;
  },
});
