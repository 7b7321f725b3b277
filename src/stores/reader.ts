// The interface of a store's reader: a few bounded lookups of messages, and an error that is safe to show.
import type { StoreName, StoreSpec } from "../model/log/store.js";
import { messageOf } from "../support/errors.js";
import { createRedactor, urlPasswords } from "../support/redaction.js";
import type { StoredRow } from "./row.js";

export interface StoreReader {
  readonly store: StoreName;
  /**
   * Rows of these threads, at most `most`. Rejects with {@link StoreFault}.
   * @returns `cut` if there are more
   */
  byThreads(threadIds: readonly string[], most: number): Promise<Found>;
  /** Rows that name these messages, in any thread; absent if the store cannot look them up. */
  byMessages?(messageIds: readonly string[], most: number): Promise<Found>;
  /** The store's query plan of {@link byThreads}; absent if it has none. Rejects with {@link StoreFault}. */
  explain?(threadIds: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export interface Found {
  readonly rows: readonly StoredRow[];
  readonly cut: boolean;
}

/** Why a store could not be read. The message is one line and holds no secret. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";

  constructor(
    message: string,
    /** The store is reachable but overloaded: it did not answer in time. */
    readonly timedOut: boolean,
    /** Trying again is pointless: a wrong password, a missing table. */
    readonly final = false,
  ) {
    super(message);
  }
}

const MAX_MESSAGE = 300;

/** Converts anything a client throws into a fault; returns faults unchanged. */
export function faultOf(spec: StoreSpec, error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  const { redact } = createRedactor([spec.secretUrl, ...urlPasswords(spec.secretUrl)]);
  const text = redact(messageOf(error)).replace(/\s+/g, " ").trim().slice(0, MAX_MESSAGE);
  const timedOut = /statement timeout|timed? ?out|timeout exceeded|Command timed out/i.test(text);
  const final =
    /password|authenti|WRONGPASS|NOAUTH|NOPERM|permission|exist|unknown|syntax|Missing columns/i.test(text);
  return new StoreFault(`${spec.store} at ${spec.place}: ${text || "no answer"}`, timedOut, final);
}
