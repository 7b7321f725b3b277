// Fault `reconnect-storm`: users lose their connections, and all come back at one and the same instant.
import { duration } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";
import { bareShare, percent, withShare } from "../share-option.js";

export const reconnectStorm = defineFault({
  place: "users",
  summary: "users lose their connections, and all come back at one instant, without any back-off",
  schema: bareShare(
    withShare({
      away: duration("From the loss to the instant at which all come back", "500ms", {
        max: 3_600_000_000,
      }).default(500_000),
    }),
  ).prefault({}),
  lasts: () => "instant",
  label: (options) => `reconnect-storm ${percent(options.share)}`,
  share: (options) => options.share,
  strike({ user, hit, atUs }, { away }) {
    if (user.socket?.faults.cut(atUs + away)) hit();
    return undefined;
  },
});
