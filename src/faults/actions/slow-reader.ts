// Fault `slow-reader`: users read what the service sends slowly.
import { size } from "../../scenarios/schema/fields.js";
import { formatBytes } from "../../support/units.js";
import { defineUserFault } from "../user-fault.js";

export const slowReader = defineUserFault("slow-reader", {
  summary: "users read at most this many bytes per second from their connection",
  options: { bytes: size("Bytes per second", "2KiB", { min: 16, max: 1_073_741_824 }) },
  detail: ({ bytes }) => `${formatBytes(bytes)}/s`,
  strike({ user, hit }, { bytes }) {
    const hurry = user.socket?.faults.throttle(bytes);
    if (hurry) hit();
    return hurry;
  },
});
