// What the parts of one running backend share, as plain data.
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
  /** Redis, if configured. */
  readonly cache: Cache | undefined;
  /** ClickHouse, if configured. */
  readonly analytics: Analytics | undefined;
  /** Journal of runs in progress, if a later process should resume them. */
  readonly journal: Journal | undefined;
  /** Requests of runs that wait for their users' decisions. */
  readonly approvals: Approvals;
  readonly tokens: Tokens;
  readonly model: ModelClient;
  readonly counters: Counters;
  readonly defects: DefectBook;
  readonly traces: Traces;
  readonly log: Logger;
  /** Waits. Rejects with TurnAbandoned if the service stops meanwhile. */
  sleep(ms: number): Promise<void>;
  /** A time for a row: now in microseconds since the Unix epoch, but always later than the last. */
  nextRowUs(): number;
}
