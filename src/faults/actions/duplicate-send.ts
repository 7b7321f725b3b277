// Fault `duplicate-send`: users send each message twice, with the same id.
import { Disturbances } from "../../session/turn/disturbance.js";
import { defineUserFault } from "../user-fault.js";

export const duplicateSend = defineUserFault("duplicate-send", {
  summary:
    "users send each message twice with the same id, as an impatient client does: only one turn may result",
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
