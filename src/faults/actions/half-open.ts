// Fault `half-open`: connections stay open, nothing passes, and no end notices.
import { defineFault } from "../action.js";
import { bareShare, percent, withShare } from "../share-option.js";

export const halfOpen = defineFault({
  place: "users",
  summary: "users' connections stand, but nothing is read or sent on them; new connections work",
  schema: bareShare(withShare({})).prefault({}),
  label: (options) => `half-open ${percent(options.share)}`,
  share: (options) => options.share,
  strike({ user, hit }) {
    const thaw = user.socket?.faults.freeze();
    if (thaw) hit();
    return thaw;
  },
});
