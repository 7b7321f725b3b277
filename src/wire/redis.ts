// Connections to Redis: the only importer of its client, for the reader of a store and for a fleet.
import type { Redis, RedisOptions } from "ioredis";
import { optionalPackage } from "../support/optional-package.js";
import { tlsOf } from "./tls-parameters.js";

export type RedisClient = Redis;
export type RedisSettings = Omit<RedisOptions, "replyMapping">;

/**
 * A client that connects on request. Rejects (UserError) where the package is absent, and where a file that the
 * URL names for TLS (`rediss://…?ca=…&cert=…&key=…`) cannot be read.
 * @param why what it is needed for, as the beginning of a sentence
 */
export async function redisClient(secretUrl: string, why: string, settings: RedisSettings): Promise<Redis> {
  const { Redis } = await optionalPackage("ioredis", why, () => import("ioredis"));
  const { url, ca, cert, key, verify } = tlsOf(secretUrl);
  const files = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const all: RedisSettings = {
    lazyConnect: true,
    // INFO and CLIENT are more than a role with few rights may use.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: (tries) => Math.min(1000, tries * 100),
    ...(url.startsWith("rediss:") ? { tls: { ...files, rejectUnauthorized: verify } } : {}),
    ...settings,
  };
  return new Redis(url, all);
}
