// Fault `abandon`: users send a message and leave before its answer; later they come back for it.
import { duration } from "../../scenarios/schema/fields.js";
import { Disturbances } from "../../session/turn/disturbance.js";
import { defineUserFault } from "../user-fault.js";

export const abandon = defineUserFault("abandon", {
  summary: "users send their next message and leave at once, and come back for its answer after a while",
  options: {
    away: duration("How long they stay away", "2s", { min: 100_000, max: 3_600_000_000 }).default(2_000_000),
  },
  strike({ user, clock, hit }, { away }) {
    user.disturbances ??= new Disturbances();
    const off = user.disturbances.add({
      sent() {
        off();
        hit();
        const backUs = clock.nowUs() + away;
        // After the frame is sent.
        queueMicrotask(() => user.channel.leave());
        clock.at(backUs, () => void user.channel.connect(backUs));
      },
    });
    return off;
  },
});
