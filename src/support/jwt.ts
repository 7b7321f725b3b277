// Reads the claims of JSON Web Tokens without verifying them.
import { decodeJwt } from "jose/jwt/decode";
import { tried } from "./errors.js";

/** `undefined` for anything but a signed JWT. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  return tried(() => decodeJwt(token));
}
