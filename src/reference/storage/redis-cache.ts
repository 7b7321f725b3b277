// Redis as a cache of each thread's recent messages, and as the queue of events for users who are away.
//
//   message:<id>              JSON of one message, for an hour
//   thread:<id>:messages      sorted set: ids by time; the newest 1,000, for an hour after the last
//   offline:<user>            list of events, oldest first, for an hour
import { optionalPackage } from "../../support/optional-package.js";
import { messageOf, type Row } from "./rows.js";
import type { MessageRow } from "./store.js";
import { createWriteQueue } from "./write-queue.js";

/** An event whose user was away, with what is needed to send it later. */
export interface QueuedEvent {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Microseconds since the Unix epoch. */
  readonly queuedUs: number;
}

export interface Cache {
  /** Queues the message; it is written within milliseconds, or when Redis is back. */
  put(message: MessageRow): void;
  /** The newest messages of a thread, oldest first; `undefined` if the cache cannot know them all. */
  recent(threadId: string, limit: number): Promise<MessageRow[] | undefined>;
  remove(id: string): void;
  forgetThread(threadId: string): void;
  queueEvent(userId: string, event: QueuedEvent): void;
  /** Takes all events waiting for the user; none while Redis is unavailable. */
  takeEvents(userId: string): Promise<QueuedEvent[]>;
  close(): Promise<void>;
}

const LIFE_S = 3600;
const KEPT_PER_THREAD = 1000;
const MAX_WAITING = 200_000;
const BATCH = 200;
/** A slow cache is of no help. */
const PATIENCE_MS = 500;

/** One pending write to Redis; idempotent. */
interface Write {
  readonly threadId: string | undefined;
  readonly commands: readonly (readonly (string | number)[])[];
}

/** Connects. Rejects if Redis does not answer, with an error that contains no password. */
export async function openRedisCache(url: string, onTrouble: (error: unknown) => void): Promise<Cache> {
  const { Redis } = await optionalPackage("ioredis", "a Redis URL", () => import("ioredis"));
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3000,
    commandTimeout: PATIENCE_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 200,
  });
  // The error of a failed `connect` does not name the cause; the event before it does.
  let cause: unknown;
  redis.on("error", (error) => {
    cause = error;
  });
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw cause ?? error;
  }
  const queue = createWriteQueue<Write>({
    gatherMs: 1,
    batch: BATCH,
    most: MAX_WAITING,
    onTrouble,
    async write(batch) {
      const answers = await redis
        .multi(batch.flatMap(({ commands }) => commands.map((command) => command.map(String))))
        .exec();
      const failed = answers?.find(([error]) => error)?.[0];
      if (failed) throw failed;
    },
  });
  const write = (threadId: string | undefined, ...commands: Write["commands"]): void =>
    queue.push({ threadId, commands });
  return {
    put(message) {
      const index = indexKey(message.threadId);
      write(
        message.threadId,
        ["set", messageKey(message.id), jsonOf(message), "EX", LIFE_S],
        ["zadd", index, message.createdUs, message.id],
        ["zremrangebyrank", index, 0, -KEPT_PER_THREAD - 1],
        ["expire", index, LIFE_S],
      );
    },
    async recent(threadId, limit) {
      if (queue.holds((waiting) => waiting.threadId === threadId)) return undefined;
      try {
        const ids = await redis.zrevrange(indexKey(threadId), 0, limit - 1);
        // Fewer may mean that the rest has expired.
        if (ids.length < limit) return undefined;
        const texts = await redis.mget(ids.map(messageKey));
        const messages = texts.flatMap((text) => (text === null ? [] : [messageOf(JSON.parse(text) as Row)]));
        return messages.length === ids.length ? messages.reverse() : undefined;
      } catch {
        return undefined;
      }
    },
    remove: (id) => write(undefined, ["del", messageKey(id)]),
    forgetThread: (threadId) => write(threadId, ["del", indexKey(threadId)]),
    queueEvent(userId, event) {
      const key = offlineKey(userId);
      write(undefined, ["rpush", key, JSON.stringify(event)], ["expire", key, LIFE_S]);
    },
    async takeEvents(userId) {
      const key = offlineKey(userId);
      try {
        const answers = await redis
          .multi([
            ["lrange", key, "0", "-1"],
            ["del", key],
          ])
          .exec();
        return ((answers?.[0]?.[1] ?? []) as string[]).map((text) => JSON.parse(text) as QueuedEvent);
      } catch {
        return [];
      }
    },
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
}

const messageKey = (id: string): string => `message:${id}`;
const indexKey = (threadId: string): string => `thread:${threadId}:messages`;
const offlineKey = (userId: string): string => `offline:${userId}`;

function jsonOf(m: MessageRow): string {
  return JSON.stringify({
    id: m.id,
    thread_id: m.threadId,
    user_id: m.userId,
    role: m.role,
    content: m.content,
    metadata: m.metadata,
    created_us: m.createdUs,
    client_id: m.clientId,
    run_id: m.runId,
  });
}
