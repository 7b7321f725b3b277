// ClickHouse for analytics of messages, turns and events: appended in batches, never changed.
import { optionalPackage } from "../../support/optional-package.js";
import type { MessageRow } from "./store.js";
import { createWriteQueue, type WriteQueue } from "./write-queue.js";

export interface TurnFact {
  readonly runId: string;
  readonly threadId: string;
  readonly userId: string;
  readonly messageId: string;
  readonly outcome: string;
  /** From the acceptance of its message; 0 if it never started. */
  readonly toStartUs: number;
  readonly toEndUs: number;
}

export interface EventFact {
  readonly runId: string;
  readonly threadId: string;
  readonly userId: string;
  readonly seq: number;
  readonly type: string;
}

/** Calls return at once; rows are written at least once, within half a second or when ClickHouse is back. */
export interface Analytics {
  message(message: MessageRow): void;
  turn(turn: TurnFact): void;
  event(event: EventFact): void;
  close(): Promise<void>;
}

type Row = Readonly<Record<string, string | number>>;

const GATHER_MS = 500;
const BATCH = 5000;
const MAX_WAITING = 500_000;
const PATIENCE_MS = 5000;

/** `DateTime64` and others are too new for the versions that distributions ship, so microseconds are plain numbers. */
const COLUMNS = {
  gp_load_messages:
    "id String, thread_id String, user_id String, role String, text String, run_id String, message_id String",
  gp_load_turns:
    "run_id String, thread_id String, user_id String, message_id String, outcome String, to_start_us UInt64, to_end_us UInt64",
  gp_load_events: "run_id String, thread_id String, user_id String, seq UInt32, type String",
} as const;
type Table = keyof typeof COLUMNS;

/** Connects, and creates its tables. Rejects if it cannot, with an error that contains no password. */
export async function openAnalytics(url: string, onTrouble: (error: unknown) => void): Promise<Analytics> {
  const { createClient, ClickHouseLogLevel } = await optionalPackage(
    "@clickhouse/client",
    "a ClickHouse URL",
    () => import("@clickhouse/client"),
  );
  const client = createClient({ url, request_timeout: PATIENCE_MS, log: { level: ClickHouseLogLevel.OFF } });
  try {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      await client.command({
        query: `CREATE TABLE IF NOT EXISTS ${table} (${columns}, created_us UInt64, day Date)
ENGINE = MergeTree() PARTITION BY toYYYYMM(day) ORDER BY (thread_id, created_us)`,
      });
    }
  } catch (error) {
    await client.close();
    throw error;
  }
  const queueFor = (table: Table): WriteQueue<Row> =>
    createWriteQueue({
      gatherMs: GATHER_MS,
      batch: BATCH,
      most: MAX_WAITING,
      onTrouble,
      async write(batch) {
        await client.insert({ table, values: [...batch], format: "JSONEachRow" });
      },
    });
  const messages = queueFor("gp_load_messages");
  const turns = queueFor("gp_load_turns");
  const events = queueFor("gp_load_events");
  return {
    message: (m) =>
      messages.push({
        id: m.id,
        thread_id: m.threadId,
        user_id: m.userId,
        role: m.role,
        text: m.content,
        run_id: m.runId,
        message_id: String(m.metadata.message_id ?? ""),
        ...stampsOf(m.createdUs),
      }),
    turn: (t) =>
      turns.push({
        run_id: t.runId,
        thread_id: t.threadId,
        user_id: t.userId,
        message_id: t.messageId,
        outcome: t.outcome,
        to_start_us: t.toStartUs,
        to_end_us: t.toEndUs,
        ...stampsOf(Date.now() * 1000),
      }),
    event: (e) =>
      events.push({
        run_id: e.runId,
        thread_id: e.threadId,
        user_id: e.userId,
        seq: e.seq,
        type: e.type,
        ...stampsOf(Date.now() * 1000),
      }),
    async close() {
      await Promise.all([messages.close(), turns.close(), events.close()]);
      await client.close();
    },
  };
}

function stampsOf(createdUs: number): Row {
  return { created_us: createdUs, day: new Date(createdUs / 1000).toISOString().slice(0, 10) };
}
