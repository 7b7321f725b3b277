// Fault `disconnect`: users lose their connection, at once or at a moment of their turns.
import { z } from "zod";
import { CRITICAL_EVENTS } from "../../model/turn/event.js";
import { Disturbances } from "../../session/turn/disturbance.js";
import { defineFault } from "../action.js";
import { bareShare, percent, withShare } from "../share-option.js";

const full = withShare({
  when: z
    .enum(["any", "within", "between"])
    .default("any")
    .describe("At once; or as soon as a turn is under way, or none is"),
  after: z.enum(CRITICAL_EVENTS).optional().describe("As soon as this event of a turn has come"),
});
type Options = z.output<typeof full>;

const waits = ({ when, after }: Options): boolean => when !== "any" || after !== undefined;

export const disconnect = defineFault({
  place: "users",
  summary:
    "users lose their connection; with `when` or `after` each at its moment, once, while the fault holds",
  schema: bareShare(full).prefault({}),
  lasts: (options) => (waits(options) ? "lasting" : "instant"),
  label: (options) =>
    `disconnect ${percent(options.share)}${options.after ? ` after ${options.after}` : options.when === "any" ? "" : ` ${options.when} turns`}`,
  share: (options) => options.share,
  strike({ user, hit }, options) {
    const cut = (): boolean => {
      const done = user.socket?.faults.cut() ?? false;
      if (done) hit();
      return done;
    };
    const busy = (): boolean => user.open.some(({ end }) => end === undefined);
    if (!waits(options) || (options.after === undefined && busy() === (options.when === "within"))) {
      if (cut() || !waits(options)) return undefined;
    }
    user.disturbances ??= new Disturbances();
    const off = user.disturbances.add({
      event(_turn, kind) {
        if (options.after === undefined ? options.when === "within" && busy() : kind === options.after)
          if (cut()) off();
      },
      ended() {
        // Not while the frame that ended it is still being handled.
        if (options.after === undefined && options.when === "between")
          queueMicrotask(() => {
            if (!busy() && cut()) off();
          });
      },
    });
    return off;
  },
});
