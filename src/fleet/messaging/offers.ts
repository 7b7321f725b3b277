// Offers of agents: each agent renews its own every two seconds, and is forgotten when it stops.
import { z } from "zod";
import type { RedisClient } from "../../wire/redis.js";
import { PREFIX } from "./connection.js";
import type { FleetKey } from "./fleet-key.js";
import { FLEET_FORMAT, type Offer, offerSchema } from "./messages.js";

export const OFFER_EVERY_MS = 2000;
const OFFER_LASTS_MS = 7000;
const INDEX = `${PREFIX}:agents`;
const NO_SALT = Buffer.alloc(0);

/** What anyone with access to Redis may see of an agent; `sealed` is only for holders of the key. */
const noticeSchema = z.object({
  id: z.string(),
  format: z.int(),
  version: z.string(),
  /** Name of its key. */
  key: z.string(),
  sealed: z.string(),
});
type Notice = Readonly<z.infer<typeof noticeSchema>>;

/** An agent found; `offer` is absent if it has a different key. */
export interface Found extends Omit<Notice, "sealed"> {
  readonly offer: Offer | undefined;
}

/** Rejects while Redis is away. */
export async function announce(
  redis: RedisClient,
  key: FleetKey,
  version: string,
  offer: Offer,
): Promise<void> {
  const { id } = offer;
  const sealed = key.draw("offer", NO_SALT).seal(Buffer.from(JSON.stringify(offer)), id);
  const notice: Notice = {
    ...{ id, format: FLEET_FORMAT, version, key: key.name },
    sealed: sealed.toString("base64"),
  };
  const untilMs = (await redisMs(redis)) + OFFER_LASTS_MS;
  await redis
    .pipeline()
    .set(noticeKey(id), JSON.stringify(notice), "PX", OFFER_LASTS_MS)
    .zadd(INDEX, untilMs, id)
    .expire(INDEX, 60)
    .exec();
}

export async function withdraw(redis: RedisClient, id: string): Promise<void> {
  await redis.pipeline().del(noticeKey(id)).zrem(INDEX, id).exec();
}

/** All agents present now, in a stable order. */
export async function findAgents(redis: RedisClient, key: FleetKey): Promise<readonly Found[]> {
  const now = await redisMs(redis);
  await redis.zremrangebyscore(INDEX, 0, now - OFFER_LASTS_MS);
  const ids = await redis.zrangebyscore(INDEX, now, Number.MAX_SAFE_INTEGER);
  if (ids.length === 0) return [];
  const texts = await redis.mget(ids.map(noticeKey));
  return texts.flatMap((text) => foundIn(text, key)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Anything else is ignored: anyone with access to Redis can write here. */
export function foundIn(text: string | null, key: FleetKey): readonly Found[] {
  const notice = text === null ? undefined : parsed(noticeSchema, text);
  if (!notice) return [];
  const { sealed, ...found } = notice;
  const plain = key.draw("offer", NO_SALT).open(Buffer.from(sealed, "base64"), found.id);
  if (!plain) return [{ ...found, offer: undefined }];
  const offer = parsed(offerSchema, plain.toString());
  return offer ? [{ ...found, offer }] : [];
}

function parsed<Value>(schema: z.ZodType<Value>, text: string): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function noticeKey(id: string): string {
  return `${PREFIX}:agent:${id}`;
}

async function redisMs(redis: RedisClient): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
