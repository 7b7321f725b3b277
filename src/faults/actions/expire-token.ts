// Fault `expire-token`: users hold a token that is past its end, and lose the connection that it had opened.
import { claimsOf } from "../../support/jwt.js";
import { defineUserFault } from "../user-fault.js";

export const expireToken = defineUserFault("expire-token", {
  summary: "users' tokens are past their end, and their connections lost: they have to log in anew",
  lasts: () => "instant",
  strike({ user, hit }) {
    const token = expiredToken(user.session.token);
    if (token === undefined) return undefined;
    user.session = { ...user.session, cookies: undefined, token };
    user.socket?.faults.cut();
    hit();
    return undefined;
  },
});

const LONG_AGO_SECONDS = 1_000_000_000;

/** The same token with an expiry of long ago, so that its signature does not fit either; `undefined` if it has none to move. */
function expiredToken(token: string): string | undefined {
  const claims = claimsOf(token);
  const [head, , signature] = token.split(".");
  if (!claims || !head || !signature) return undefined;
  const moved = JSON.stringify({ ...claims, exp: LONG_AGO_SECONDS });
  return [head, Buffer.from(moved).toString("base64url"), signature].join(".");
}
