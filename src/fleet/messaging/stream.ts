// Entries of Redis streams: writes them in one go, and reads them in a loop that trims what it has read.
import { sleep } from "../../support/clock.js";
import type { RedisClient } from "../../wire/redis.js";
import type { FleetRedis } from "./connection.js";
import type { Envelope } from "./outbox.js";

/** Streams expire this long after the last entry. */
const EXPIRE_S = 120;
const BLOCK_MS = 2000;
const BATCH = 64;

/** An envelope, or a beat: sealed and without a number. */
export type Entry =
  | { readonly kind: "envelope"; readonly from: string; readonly envelope: Envelope }
  | { readonly kind: "beat"; readonly from: string; readonly sealed: Buffer };

/** Adds entries in order. Does nothing while Redis is away: what matters is sent again. */
export function write(redis: RedisClient, key: string, entries: readonly Entry[]): void {
  if (redis.status !== "ready") return;
  const pipeline = redis.pipeline();
  for (const entry of entries) {
    if (entry.kind === "beat") pipeline.xadd(key, "*", "f", entry.from, "b", entry.sealed);
    else {
      const { number, more, sealed } = entry.envelope;
      pipeline.xadd(key, "*", "f", entry.from, "n", number, "m", more ? 1 : 0, "d", sealed);
    }
  }
  pipeline.expire(key, EXPIRE_S);
  pipeline.exec().catch(() => {});
}

export interface StreamReader {
  stop(): void;
}

/** Reads from the start of the stream. Skips foreign entries. */
export async function readStream(
  redis: FleetRedis,
  key: string,
  onEntry: (entry: Entry) => void,
): Promise<StreamReader> {
  const client = await redis.waiting();
  let stopped = false;
  let last = "0-0";
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const answer = await client
        .xreadBuffer("COUNT", BATCH, "BLOCK", BLOCK_MS, "STREAMS", key, last)
        .catch(() => "failed" as const);
      if (answer === "failed") {
        await sleep(100_000);
        continue;
      }
      const entries = entriesIn(answer);
      for (const { id, fields } of entries) {
        last = id;
        const entry = entryOf(fields);
        if (entry) onEntry(entry);
      }
      if (entries.length > 0 && redis.commands.status === "ready")
        redis.commands.xtrim(key, "MINID", last).catch(() => {});
    }
  };
  void loop();
  return {
    stop() {
      stopped = true;
      client.disconnect();
    },
  };
}

interface RawEntry {
  readonly id: string;
  readonly fields: readonly Buffer[];
}

/** The answer to XREAD of one stream: `[[key, [[id, [field, value, …]], …]]]`. */
function entriesIn(answer: unknown): readonly RawEntry[] {
  const [stream] = (answer ?? []) as [Buffer, [Buffer, Buffer[]][]][];
  return (stream?.[1] ?? []).map(([id, fields]) => ({ id: id.toString(), fields }));
}

function entryOf(fields: readonly Buffer[]): Entry | undefined {
  const named = new Map<string, Buffer>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const value = fields[at + 1];
    if (value) named.set(String(fields[at]), value);
  }
  const [from, beat, sealed] = [named.get("f")?.toString(), named.get("b"), named.get("d")];
  if (from === undefined) return undefined;
  if (beat) return { kind: "beat", from, sealed: beat };
  const number = Number(named.get("n"));
  if (!sealed || !Number.isSafeInteger(number)) return undefined;
  return { kind: "envelope", from, envelope: { number, more: String(named.get("m")) === "1", sealed } };
}
