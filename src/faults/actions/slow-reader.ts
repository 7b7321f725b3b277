// Fault `slow-reader`: users take in what the service sends only so fast.
import { size } from "../../scenarios/schema/fields.js";
import { formatBytes } from "../../support/units.js";
import { defineFault } from "../action.js";
import { percent, withShare } from "../share-option.js";

export const slowReader = defineFault({
  place: "users",
  summary: "users read at most this many bytes per second from their connection",
  schema: withShare({ bytes: size("Bytes a second", "2KiB", { min: 16, max: 1_073_741_824 }) }),
  label: (options) => `slow-reader ${percent(options.share)} ${formatBytes(options.bytes)}/s`,
  share: (options) => options.share,
  strike({ user, hit }, { bytes }) {
    const hurry = user.socket?.faults.throttle(bytes);
    if (hurry) hit();
    return hurry;
  },
});
