// Fault `idle`: users do nothing and send not even a ping, as a browser's tab in the background.
import { defineUserFault } from "../user-fault.js";

export const idle = defineUserFault("idle", {
  summary: "users hold their connections and send nothing, not even a ping: proxies cut such after 60 s",
  strike({ user, untilUs, hit }) {
    user.heldUntilUs = untilUs;
    hit();
    return user.socket?.faults.hush();
  },
});
