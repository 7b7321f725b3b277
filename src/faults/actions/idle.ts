// Fault `idle`: users do nothing and send not even a ping, as a browser's tab in the background.
import { defineFault } from "../action.js";
import { bareShare, percent, withShare } from "../share-option.js";

export const idle = defineFault({
  place: "users",
  summary: "users hold their connections and send nothing, not even a ping: proxies cut such after 60 s",
  schema: bareShare(withShare({})).prefault({}),
  label: (options) => `idle ${percent(options.share)}`,
  share: (options) => options.share,
  strike({ user, untilUs, hit }) {
    user.heldUntilUs = untilUs;
    hit();
    return user.socket?.faults.hush();
  },
});
