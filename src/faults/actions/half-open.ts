// Fault `half-open`: connections stay open, nothing gets through, and neither end notices.
import { defineUserFault } from "../user-fault.js";

export const halfOpen = defineUserFault("half-open", {
  summary: "users' connections stay open, but nothing is read or sent on them; new connections work",
  strike({ user, hit }) {
    const thaw = user.socket?.faults.freeze();
    if (thaw) hit();
    return thaw;
  },
});
