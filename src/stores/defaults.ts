// Where the profiles' own backends keep their messages: default lookups, unless the scenario file has its own.
import type { StoreSpec } from "../model/log/store.js";

/** How to query a profile's store. */
export type StoreDefaults = Pick<StoreSpec, "byThread" | "byMessage" | "holds" | "keep">;

type Defaults = Readonly<Partial<Record<StoreSpec["store"], StoreDefaults>>>;

const REFERENCE_COLUMNS =
  "id, thread_id, user_id, role, content AS text, run_id, metadata->>'message_id' AS message_id";

export const STORE_DEFAULTS: Readonly<Record<string, Defaults>> = {
  "golden-path": {
    postgres: {
      byThread: `SELECT ${REFERENCE_COLUMNS} FROM gp_load_reference.messages WHERE thread_id = ANY(:threads)`,
      byMessage: `SELECT ${REFERENCE_COLUMNS} FROM gp_load_reference.messages WHERE metadata->>'message_id' = ANY(:messages)`,
      holds: "both",
      keep: undefined,
    },
    redis: { byThread: "thread:{thread}:messages", byMessage: "message:{id}", holds: "both", keep: 1000 },
    clickhouse: {
      byThread:
        "SELECT id, thread_id, user_id, role, text, run_id, message_id FROM gp_load_messages WHERE thread_id IN (:threads)",
      byMessage: undefined,
      holds: "both",
      keep: undefined,
    },
  },
  netra: {
    // Messages have neither an owner nor a client's id: the thread shows whose they are, the nonce in the text which.
    postgres: {
      byThread: `SELECT m.id, m.thread_id, t.metadata_->>'user_id' AS user_id, m.role, m.content AS text, m.run_id
FROM messages m JOIN threads t ON t.id = m.thread_id WHERE m.thread_id = ANY(:threads)`,
      byMessage: undefined,
      holds: "both",
      keep: undefined,
    },
    redis: { byThread: "thread:{thread}:messages", byMessage: "msg:{id}", holds: "both", keep: undefined },
    // There is no table of messages: each finished run is one answer.
    clickhouse: {
      byThread: `SELECT run_id AS id, thread_id, toString(any(user_id)) AS user_id, 'assistant' AS role, run_id
FROM agent_state_history WHERE thread_id IN (:threads) AND execution_status = 'completed' GROUP BY run_id, thread_id`,
      byMessage: undefined,
      holds: "answers",
      keep: undefined,
    },
  },
};
