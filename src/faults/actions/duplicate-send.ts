// Fault `duplicate-send`: users send each message twice, with one and the same id.
import { Disturbances } from "../../session/turn/disturbance.js";
import { defineFault } from "../action.js";
import { bareShare, percent, withShare } from "../share-option.js";

export const duplicateSend = defineFault({
  place: "users",
  summary:
    "users send each message twice with the same id, as an impatient client does: one turn may come of it",
  schema: bareShare(withShare({})).prefault({}),
  label: (options) => `duplicate-send ${percent(options.share)}`,
  share: (options) => options.share,
  strike({ user, hit }) {
    user.disturbances ??= new Disturbances();
    return user.disturbances.add({
      sent(_turn, frame) {
        user.socket?.send(frame);
        hit();
      },
    });
  },
});
