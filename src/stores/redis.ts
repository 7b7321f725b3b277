// Reads Redis: a thread's list or sorted set, then its messages, with a fixed list of read-only commands.
import type { StoreSpec } from "../model/log/store.js";
import { jsonOrNothing, parseJson } from "../support/json.js";
import { type RedisClient, redisClient } from "../wire/redis.js";
import { type Found, faultOf, StoreFault, type StoreReader } from "./reader.js";
import { rowFrom, type StoredRow } from "./row.js";

/** The only commands ever sent (apart from those that open a connection). */
const ALLOWED = ["type", "lrange", "zrange", "smembers", "mget"] as const;
type Command = readonly [(typeof ALLOWED)[number], ...string[]];

/** Keys of one MGET. */
const GROUP = 500;

/** Connects on first use. Rejects (UserError) if the package is missing or a TLS file cannot be read. */
export async function openRedis(spec: StoreSpec): Promise<StoreReader> {
  const timeoutMs = Math.ceil(spec.timeoutUs / 1000);
  const redis = await redisClient(spec.secretUrl, "the store redis", {
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  });
  const connection = new Connection(redis, spec);
  return {
    store: "redis",
    byThreads: (ids, most) => readThreads(connection, spec, ids, most),
    async close() {
      redis.disconnect();
    },
  };
}

class Connection {
  readonly #redis: RedisClient;
  readonly #spec: StoreSpec;
  #cause: unknown;

  constructor(redis: RedisClient, spec: StoreSpec) {
    this.#redis = redis;
    this.#spec = spec;
    redis.on("error", (error) => {
      this.#cause = error;
    });
  }

  /** The answers in the order of the commands. Rejects with a fault if any command fails. */
  async ask(commands: readonly Command[]): Promise<unknown[]> {
    if (commands.length === 0) return [];
    const strange = commands.find(([name]) => !ALLOWED.includes(name));
    if (strange) throw new Error(`the Redis command ${strange[0]} does not only read`);
    try {
      if (this.#redis.status === "wait" || this.#redis.status === "end") await this.#redis.connect();
      const answers = await this.#redis.pipeline(commands.map((command) => [...command])).exec();
      return (answers ?? []).map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
    } catch (error) {
      // "Connection is closed" does not name the cause; the client's last event does.
      const vague = error instanceof Error && /closed|writeable|enableOfflineQueue/i.test(error.message);
      throw faultOf(this.#spec, vague ? (this.#cause ?? error) : error);
    }
  }
}

async function readThreads(
  connection: Connection,
  spec: StoreSpec,
  threadIds: readonly string[],
  most: number,
): Promise<Found> {
  const keys = threadIds.map((id) => spec.byThread.replaceAll("{thread}", id));
  const types = (await connection.ask(keys.map((key) => ["type", key]))).map(String);
  const last = String(-Math.min(spec.keep ?? most, most) - 1);
  const members = await connection.ask(
    keys.flatMap((key, at): Command[] => {
      const type = types[at];
      if (type === "list") return [["lrange", key, last, "-1"]];
      if (type === "zset") return [["zrange", key, last, "-1"]];
      return type === "set" ? [["smembers", key]] : [];
    }),
  );
  const wrong = types.find((type) => !["none", "list", "zset", "set"].includes(type));
  if (wrong)
    throw new StoreFault(`redis at ${spec.place}: the thread's key is a ${wrong}, not a list or set`, false);
  const present = threadIds.filter((_, at) => types[at] !== "none");
  const entries = present.flatMap((thread, at) =>
    (members[at] as string[]).map((member) => ({ thread, member })),
  );
  const cut = entries.length > most;
  return { rows: await messagesOf(connection, spec, entries.slice(0, most)), cut };
}

/** A member is either the message itself, as JSON, or its id. A message that has expired has no row. */
async function messagesOf(
  connection: Connection,
  spec: StoreSpec,
  entries: readonly { readonly thread: string; readonly member: string }[],
): Promise<StoredRow[]> {
  const template = spec.byMessage ?? "{id}";
  const ids = entries.filter(({ member }) => !isJson(member)).map(({ member }) => member);
  const keys = ids.map((id) => template.replaceAll("{id}", id));
  const groups: Command[] = [];
  for (let at = 0; at < keys.length; at += GROUP) groups.push(["mget", ...keys.slice(at, at + GROUP)]);
  const texts = (await connection.ask(groups)).flat() as (string | null)[];
  let next = 0;
  return entries.flatMap(({ thread, member }) => {
    const text = isJson(member) ? member : texts[next++];
    const record = text ? parsed(text) : undefined;
    return record ? [rowFrom({ id: isJson(member) ? "" : member, ...record }, thread)] : [];
  });
}

function isJson(member: string): boolean {
  return member.startsWith("{");
}

function parsed(text: string): Record<string, unknown> | undefined {
  const value = jsonOrNothing(text, parseJson);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
