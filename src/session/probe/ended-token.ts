// A user's token with an end of long ago.
import { claimsOf } from "../../support/jwt.js";

const LONG_AGO_SECONDS = 1_000_000_000;

/** The same token with an expiry of long ago, so that its signature does not fit either; `undefined` where it has none to move. */
export function expiredToken(token: string): string | undefined {
  const claims = claimsOf(token);
  const [head, , signature] = token.split(".");
  if (!claims || !head || !signature) return undefined;
  const moved = JSON.stringify({ ...claims, exp: LONG_AGO_SECONDS });
  return [head, Buffer.from(moved).toString("base64url"), signature].join(".");
}
