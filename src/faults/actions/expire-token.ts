// Fault `expire-token`: users hold a token that is past its end, and lose the connection that it had opened.
import { expiredToken } from "../../session/probe/ended-token.js";
import { defineFault } from "../action.js";
import { bareShare, percent, withShare } from "../share-option.js";

export const expireToken = defineFault({
  place: "users",
  summary: "users' tokens are past their end, and their connections lost: they have to log in anew",
  schema: bareShare(withShare({})).prefault({}),
  lasts: () => "instant",
  claim: () => "expire-token",
  label: (options) => `expire-token ${percent(options.share)}`,
  share: (options) => options.share,
  strike({ user, hit }) {
    const token = expiredToken(user.session.token);
    if (token === undefined) return undefined;
    user.session = { ...user.session, cookies: undefined, token };
    user.socket?.faults.cut();
    hit();
    return undefined;
  },
});
