// A fleet's connections to its Redis: opened with a clear error, kept for good, and known to be away or not.
import { nowUs } from "../../support/clock.js";
import { messageOf, UserError } from "../../support/errors.js";
import { redactUrl } from "../../support/redaction.js";
import { type RedisClient, redisClient } from "../../wire/redis.js";

const CONNECT_MS = 4000;
/** What belongs to a fleet is under here, and expires. */
export const PREFIX = "gp-load";

export interface FleetRedis {
  /** For commands that answer at once; they fail at once while Redis is away. */
  readonly commands: RedisClient;
  /** A connection of its own for what waits. It tries for ever to come back, and its commands wait for that. */
  waiting(): Promise<RedisClient>;
  /** Since when Redis cannot be reached, on the monotonic clock in microseconds; `undefined` while it can. */
  readonly awaySinceUs: number | undefined;
  /** When it could be reached again after an outage, likewise; `undefined` before any. */
  readonly backSinceUs: number | undefined;
  close(): void;
}

/** Rejects (UserError) when there is no Redis at the URL, or it refuses its user. */
export async function openFleetRedis(secretUrl: string): Promise<FleetRedis> {
  refuseStrange(secretUrl);
  const open = (settings: object): Promise<RedisClient> =>
    redisClient(secretUrl, "a fleet", { connectTimeout: CONNECT_MS, ...settings });
  const commands = await open({ enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const others: RedisClient[] = [];
  let cause: unknown;
  let awaySinceUs: number | undefined;
  let backSinceUs: number | undefined;
  commands.on("error", (error) => {
    cause = error;
  });
  try {
    await commands.connect();
    await commands.ping();
  } catch (error) {
    commands.disconnect();
    // "Connection is closed" says nothing of the cause; the client's last event does.
    const why = /closed|ended/i.test(messageOf(error)) ? (cause ?? error) : error;
    throw new UserError(
      `no fleet over ${redactUrl(secretUrl)}: ${messageOf(why)}`,
      "is a Redis there, its port and TLS (rediss://) right, and its user allowed?",
    );
  }
  commands.on("close", () => {
    awaySinceUs ??= nowUs();
  });
  commands.on("ready", () => {
    if (awaySinceUs !== undefined) backSinceUs = nowUs();
    awaySinceUs = undefined;
  });
  return {
    commands,
    async waiting() {
      const client = await open({ maxRetriesPerRequest: null });
      client.on("error", () => {});
      others.push(client);
      await client.connect().catch(() => {});
      return client;
    },
    get awaySinceUs() {
      return awaySinceUs;
    },
    get backSinceUs() {
      return backSinceUs;
    },
    close() {
      for (const client of [commands, ...others]) client.disconnect();
    },
  };
}

function refuseStrange(secretUrl: string): void {
  if (URL.canParse(secretUrl) && /^rediss?:$/.test(new URL(secretUrl).protocol)) return;
  throw new UserError(
    "the fleet's Redis is not a URL like redis://host:6379 or rediss://user:password@host:6379",
  );
}
