// Fault `reconnect-storm`: users lose their connections, and all reconnect at the same instant.
import { duration } from "../../scenarios/schema/fields.js";
import { defineUserFault } from "../user-fault.js";

export const reconnectStorm = defineUserFault("reconnect-storm", {
  summary: "users lose their connections, and all reconnect at the same instant, without any back-off",
  options: {
    away: duration("From the loss to the instant at which all reconnect", "500ms", {
      max: 3_600_000_000,
    }).default(500_000),
  },
  lasts: () => "instant",
  strike({ user, hit, atUs }, { away }) {
    if (user.socket?.faults.cut(atUs + away)) hit();
    return undefined;
  },
});
