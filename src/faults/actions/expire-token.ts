// Fault `expire-token`: users get an expired token, and lose the connection that the old one opened.
import { claimsOf } from "../../support/jwt.js";
import { defineUserFault } from "../user-fault.js";

export const expireToken = defineUserFault("expire-token", {
  summary: "users' tokens expire and their connections are lost: they have to log in again",
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

/** The same token, expired long ago, so its signature is wrong too; `undefined` if it has no expiry to change. */
function expiredToken(token: string): string | undefined {
  const claims = claimsOf(token);
  const [head, , signature] = token.split(".");
  if (!claims || !head || !signature) return undefined;
  const moved = JSON.stringify({ ...claims, exp: LONG_AGO_SECONDS });
  return [head, Buffer.from(moved).toString("base64url"), signature].join(".");
}
