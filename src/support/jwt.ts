// Claims of JSON Web Tokens, read and not verified: what a token says of itself.
import { decodeJwt } from "jose/jwt/decode";

/** The claims; `undefined` for whatever is not a signed JWT. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
