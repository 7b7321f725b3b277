// What the parts of one running backend share: its composition, as plain data.
import type { Logger } from "pino";
import type { ModelClient } from "./agent/model-client.js";
import type { Counters } from "./counters.js";
import type { DefectBook } from "./defects/book.js";
import type { Settings } from "./options.js";
import type { Approvals } from "./run/approvals.js";
import type { Journal } from "./run/journal.js";
import type { Analytics } from "./storage/clickhouse-analytics.js";
import type { Cache } from "./storage/redis-cache.js";
import type { Store } from "./storage/store.js";
import type { Tokens } from "./tokens.js";
import type { Traces } from "./traces.js";

export interface Service {
  readonly settings: Settings;
  readonly store: Store;
  /** Redis, where it is given. */
  readonly cache: Cache | undefined;
  /** ClickHouse, where it is given. */
  readonly analytics: Analytics | undefined;
  /** Runs under way, where a later process is to take them up. */
  readonly journal: Journal | undefined;
  /** What runs wait for their users to decide. */
  readonly approvals: Approvals;
  readonly tokens: Tokens;
  readonly model: ModelClient;
  readonly counters: Counters;
  readonly defects: DefectBook;
  readonly traces: Traces;
  readonly log: Logger;
  /** Waits so many milliseconds. Rejects with TurnAbandoned when the service stops meanwhile. */
  sleep(ms: number): Promise<void>;
  /** A row's time: now in microseconds since the Unix epoch, but always later than the last. */
  nextRowUs(): number;
}
