// A fleet's connections to its Redis: clear errors on opening, automatic reconnects, and known outages.
import { nowUs } from "../../support/clock.js";
import { messageOf, UserError } from "../../support/errors.js";
import { redactUrl } from "../../support/redaction.js";
import { type RedisClient, redisClient } from "../../wire/redis.js";

const CONNECT_MS = 4000;
/** Prefix of all keys of fleets; they expire. */
export const PREFIX = "gp-load";

export interface FleetRedis {
  /** For commands that are answered at once; they fail at once while Redis is unreachable. */
  readonly commands: RedisClient;
  /** A separate connection for blocking commands. It never stops reconnecting, and its commands wait for that. */
  waiting(): Promise<RedisClient>;
  /** Since when Redis is unreachable, monotonic microseconds; `undefined` while it is reachable. */
  readonly awaySinceUs: number | undefined;
  /** When it became reachable again after an outage, likewise; `undefined` before any. */
  readonly backSinceUs: number | undefined;
  close(): void;
}

/** Rejects (UserError) if there is no Redis at the URL, or it rejects the user. */
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
    // "Connection is closed" does not name the cause; the client's last event does.
    const why = /closed|ended/i.test(messageOf(error)) ? (cause ?? error) : error;
    throw new UserError(
      `no fleet over ${redactUrl(secretUrl)}: ${messageOf(why)}`,
      "check that Redis is running there, its port, TLS (rediss://), and its user",
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
