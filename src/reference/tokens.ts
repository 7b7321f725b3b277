// Access tokens (HS256 JWTs with a real `exp`) and single-use refresh tokens.
import { createHash, createSecretKey, randomBytes, randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { stampUs } from "./stamps.js";
import type { Store, UserRow } from "./storage/store.js";

/** The user of a verified token. */
export interface Identity {
  readonly userId: string;
  readonly email: string;
  readonly org: string;
  /** `exp` of the token: seconds since the Unix epoch. */
  readonly expiresAt: number;
}

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
}

export interface Tokens {
  /** `seconds` can shorten the access token's life, but never lengthen it. */
  issue(user: UserRow, seconds?: number): Promise<TokenPair>;
  /** The identity, or `undefined` for a token that is malformed, forged or expired. */
  verify(token: string): Promise<Identity | undefined>;
  /** Uses up a refresh token, and returns its user id; `undefined` if it is not valid. */
  redeem(refreshToken: string): Promise<string | undefined>;
}

const REFRESH_LIFE_US = 30 * 24 * 3_600_000_000;
const ISSUER = "golden-path-reference";

/** Tokens signed with the given key, or with a new one for this process. */
export function createTokens(store: Store, ttlSeconds: number, tokenKey: string | undefined): Tokens {
  const key = createSecretKey(tokenKey === undefined ? randomBytes(32) : Buffer.from(tokenKey, "utf8"));
  const usual = Math.max(1, Math.round(ttlSeconds));
  const sign = (user: UserRow, issuedAt: number, life: number): Promise<string> =>
    new SignJWT({ email: user.email, org: user.org })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(user.id)
      .setIssuer(ISSUER)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + life)
      .sign(key);
  return {
    async issue(user, seconds = usual) {
      const nowUs = stampUs();
      const life = Math.min(usual, Math.max(1, Math.round(seconds)));
      const refresh = randomBytes(32).toString("base64url");
      await store.addRefreshToken(digest(refresh), user.id, nowUs + REFRESH_LIFE_US);
      return {
        access_token: await sign(user, Math.floor(nowUs / 1_000_000), life),
        refresh_token: refresh,
        token_type: "Bearer",
        expires_in: life,
      };
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, { issuer: ISSUER, algorithms: ["HS256"] });
        if (!payload.sub || payload.exp === undefined) return undefined;
        return {
          userId: payload.sub,
          email: String(payload.email),
          org: String(payload.org),
          expiresAt: payload.exp,
        };
      } catch {
        return undefined;
      }
    },
    redeem: (refreshToken) => store.takeRefreshToken(digest(refreshToken), stampUs()),
  };
}

/** Refresh tokens are kept as digests, so that the database's content cannot be used to log in. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
