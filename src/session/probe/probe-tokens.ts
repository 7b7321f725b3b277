// Tokens that must not open anything: none, a made-up one, and forgeries of the user's own.
import type { Session } from "../../profiles/profile.js";
import { claimsOf } from "../../support/jwt.js";

/** Words for the report: what somebody comes with instead of a good token. */
export const WITHOUT_KEY = {
  nobody: "without a token",
  garbage: "with a made-up token",
  forged: "with a token whose claims were changed",
  unsigned: "with a token that claims to need no signature",
} as const;

export type Keyless = keyof typeof WITHOUT_KEY;

/** The session with such a token; why there is none where the user's token has no claims to change. */
export function keylessSession(seeker: Keyless, session: Session): Session | string {
  switch (seeker) {
    case "nobody":
      return { ...session, cookies: undefined, token: "" };
    case "garbage":
      return { ...session, cookies: undefined, token: "made-up-and-not-a-token" };
    case "forged":
    case "unsigned": {
      const parts = session.token.split(".");
      const claims = claimsOf(session.token);
      if (!claims) return "the target's tokens are no JWTs, and cannot be forged by changing their claims";
      const longer = encoded({ ...claims, exp: FAR_AHEAD_SECONDS });
      const token =
        seeker === "forged"
          ? `${parts[0]}.${longer}.${parts[2]}`
          : `${encoded({ alg: "none", typ: "JWT" })}.${longer}.`;
      return { ...session, cookies: undefined, token };
    }
  }
}

const FAR_AHEAD_SECONDS = 4_000_000_000;

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
