// Reads the bearer token of an HTTP request.
import type { IncomingHttpHeaders } from "node:http";
import type { Identity, Tokens } from "../tokens.js";
import { HttpError } from "./errors.js";

/** The token of an `Authorization: Bearer` header, or `undefined`. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const match = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "");
  return match?.[1];
}

/** Who makes the request. Throws 401 without a valid token. */
export async function authenticate(tokens: Tokens, headers: IncomingHttpHeaders): Promise<Identity> {
  const token = bearerOf(headers);
  const identity = token === undefined ? undefined : await tokens.verify(token);
  if (!identity) throw new HttpError(401, "a valid access token is required");
  return identity;
}
