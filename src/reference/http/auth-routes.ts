// Registration, login and refresh.
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Service } from "../service.js";
import type { UserRow } from "../storage/store.js";
import type { HttpApp } from "./app.js";
import { HttpError } from "./errors.js";

const credentials = z.object({ email: z.email().max(320), password: z.string().min(1).max(256) });
const registration = credentials.extend({
  name: z.string().max(200).optional(),
  metadata: z.object({ org: z.string().min(1).max(200).optional() }).optional(),
});
/** A client may request a token with a shorter life than usual, in seconds, but not a longer one. */
const login = credentials.extend({ expires_in: z.number().int().min(1).optional() });
const refresh = z.object({ refresh_token: z.string().min(1).max(200) });

export function addAuthRoutes(app: HttpApp, service: Service): void {
  const { store, tokens, counters, defects } = service;

  const answer = async (user: UserRow, seconds?: number) => ({
    ...(await tokens.issue(user, seconds)),
    user: { id: user.id, email: user.email, name: user.name, org: user.org },
  });

  app.post("/auth/register", async (request) => {
    const body = registration.parse(request.body);
    const email = body.email.toLowerCase();
    if (await store.userByEmail(email)) throw new HttpError(409, "this email is already registered");
    const user: UserRow = {
      id: randomUUID(),
      email,
      name: body.name ?? email.slice(0, email.indexOf("@")),
      org: body.metadata?.org ?? email.slice(email.indexOf("@") + 1),
      passwordHash: await hashPassword(body.password),
    };
    if (!(await store.addUser(user))) throw new HttpError(409, "this email is already registered");
    counters.count("users");
    return answer(user);
  });

  app.post("/auth/login", async (request) => {
    const body = login.parse(request.body);
    const user = await store.userByEmail(body.email.toLowerCase());
    const right = user !== undefined && (await passwordMatches(body.password, user.passwordHash));
    if (!right || defects.claim("refuse-login", { userId: user.id })) {
      throw new HttpError(401, "email or password is wrong");
    }
    counters.count("logins");
    return answer(user, body.expires_in);
  });

  app.post("/auth/refresh", async (request) => {
    const body = refresh.parse(request.body);
    const userId = await tokens.redeem(body.refresh_token);
    const user = userId === undefined ? undefined : await store.userById(userId);
    if (!user) throw new HttpError(401, "the refresh token is not valid");
    counters.count("refreshes");
    return answer(user);
  });
}

/**
 * N = 4096 takes about 10 ms of one core: a real hash that an offline attacker would feel, and still cheap
 * enough that a load run can register 200 users in two seconds on two cores.
 */
const COST = { N: 4096, r: 8, p: 1 } as const;
const KEY_BYTES = 32;

/** `scrypt$<salt>$<key>`, both base64url. */
async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Whether the password matches the hash; false for a malformed hash. */
async function passwordMatches(password: string, hash: string): Promise<boolean> {
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
