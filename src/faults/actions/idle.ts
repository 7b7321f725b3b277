// Fault `idle`: users do nothing and do not even send a ping, like a browser tab in the background.
import { defineUserFault } from "../user-fault.js";

export const idle = defineUserFault("idle", {
  summary:
    "users keep their connections open but send nothing, not even a ping: proxies often cut these after 60 s",
  strike({ user, untilUs, hit }) {
    user.heldUntilUs = untilUs;
    hit();
    return user.socket?.faults.hush();
  },
});
