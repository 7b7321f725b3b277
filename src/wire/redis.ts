// Connections to Redis, for stores and fleets: only this file imports its client.
import type { Redis, RedisOptions } from "ioredis";
import { optionalPackage } from "../support/optional-package.js";
import { tlsOf } from "./tls-parameters.js";

export type RedisClient = Redis;
export type RedisSettings = Omit<RedisOptions, "replyMapping">;

/**
 * A client that connects on first use. Rejects (UserError) if the package is missing, or a TLS file in the URL
 * (`rediss://…?ca=…&cert=…&key=…`) cannot be read.
 * @param why what needs it, as the start of a sentence
 */
export async function redisClient(secretUrl: string, why: string, settings: RedisSettings): Promise<Redis> {
  const { Redis } = await optionalPackage("ioredis", why, () => import("ioredis"));
  const { url, ca, cert, key, verify } = tlsOf(secretUrl);
  const files = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const all: RedisSettings = {
    lazyConnect: true,
    // A role with few rights may not use INFO and CLIENT.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: (tries) => Math.min(1000, tries * 100),
    ...(url.startsWith("rediss:") ? { tls: { ...files, rejectUnauthorized: verify } } : {}),
    ...settings,
  };
  return new Redis(url, all);
}
