// The key that coordinator and workers of a fleet share out of band, and sealing with keys derived from it.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { messageOf, UserError } from "../../support/errors.js";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LEAST_CHARACTERS = 32;

export interface FleetKey {
  /** Distinguishes keys without revealing them: eight hexadecimal digits. */
  readonly name: string;
  /** Derives the key for one purpose (HKDF-SHA-256); `salt` is the run's, or empty outside a run. */
  draw(purpose: string, salt: Buffer): SealKey;
}

export interface SealKey {
  /** AES-256-GCM with a random nonce. `about` is authenticated, not kept. */
  seal(plain: Buffer, about: string): Buffer;
  /** `undefined` if it was sealed with another key or another `about`, or was changed. */
  open(sealed: Buffer, about: string): Buffer | undefined;
}

/** Reads a key file: at least 32 random characters, such as from `openssl rand -base64 32`. Throws UserError. */
export function readFleetKey(path: string): FleetKey {
  let text: string;
  try {
    text = readFileSync(path, "utf8").trim();
  } catch (error) {
    const hint = "make one with `openssl rand -base64 32 > fleet.key`, and copy it to every worker";
    throw new UserError(`cannot read the fleet's key: ${messageOf(error)}`, hint);
  }
  if (text.length < LEAST_CHARACTERS || new Set(text).size < 8) {
    const hint = "make one with `openssl rand -base64 32 > fleet.key`";
    throw new UserError(
      `the fleet's key in ${path} is too weak: at least ${LEAST_CHARACTERS} random characters are required`,
      hint,
    );
  }
  return fleetKey(text);
}

export function fleetKey(text: string): FleetKey {
  const draw = (purpose: string, salt: Buffer): Buffer =>
    Buffer.from(hkdfSync("sha256", text, salt, `gp-load fleet ${purpose}`, 32));
  const name = createHash("sha256")
    .update(draw("name", Buffer.alloc(0)))
    .digest("hex")
    .slice(0, 8);
  return { name, draw: (purpose, salt) => sealKey(draw(purpose, salt)) };
}

function sealKey(key: Buffer): SealKey {
  return {
    seal(plain, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, about) {
      if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}
