// Reads the claims of JSON Web Tokens without verifying them.
import { decodeJwt } from "jose/jwt/decode";

/** `undefined` for anything but a signed JWT. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
