// Password hashes by scrypt, off the event loop.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * N = 4096 takes about 10 ms of one core: a real hash that an offline attacker would feel, and still cheap
 * enough that a load run can register 200 users in two seconds on two cores.
 */
const COST = { N: 4096, r: 8, p: 1 } as const;
const KEY_BYTES = 32;

/** `scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Whether the password belongs to the hash; false for a hash of another form. */
export async function passwordMatches(password: string, hash: string): Promise<boolean> {
  const [scheme, salt, key] = hash.split("$");
  if (scheme !== "scrypt" || !salt || !key) return false;
  const expected = Buffer.from(key, "base64url");
  const actual = await derive(password, Buffer.from(salt, "base64url"));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
