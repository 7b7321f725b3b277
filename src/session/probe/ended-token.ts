// A user's token with an end of long ago.

const LONG_AGO_SECONDS = 1_000_000_000;

/** The same token with an expiry of long ago, so that its signature does not fit either; `undefined` where it has none to move. */
export function expiredToken(token: string): string | undefined {
  const [head, claims, signature] = token.split(".");
  if (!head || !claims || !signature) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
    const moved = { ...(parsed as object), exp: LONG_AGO_SECONDS };
    return [head, Buffer.from(JSON.stringify(moved)).toString("base64url"), signature].join(".");
  } catch {
    return undefined;
  }
}
