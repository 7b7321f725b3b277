// What a reader of a store is: a few bounded look-ups of messages, and an error that may be shown.
import type { StoreName, StoreSpec } from "../model/log/store.js";
import { messageOf } from "../support/errors.js";
import { createRedactor, urlPasswords } from "../support/redaction.js";
import type { StoredRow } from "./row.js";

export interface StoreReader {
  readonly store: StoreName;
  /**
   * Rows of these threads, at most `most`. Rejects with {@link StoreFault}.
   * @returns `cut` when there are more
   */
  byThreads(threadIds: readonly string[], most: number): Promise<Found>;
  /** Rows that name these messages, wherever they are; absent if the store cannot be asked so. */
  byMessages?(messageIds: readonly string[], most: number): Promise<Found>;
  /** The store's own plan of {@link byThreads}; absent if it has none. Rejects with {@link StoreFault}. */
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
    /** The store is there and was asked too much: it did not answer in time. */
    readonly timedOut: boolean,
    /** It will say the same again: a wrong password, a missing table. */
    readonly final = false,
  ) {
    super(message);
  }
}

const MAX_MESSAGE = 300;

/** Turns whatever a client threw into a fault; a fault stays as it is. */
export function faultOf(spec: StoreSpec, error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  const { redact } = createRedactor([spec.secretUrl, ...urlPasswords(spec.secretUrl)]);
  const text = redact(messageOf(error)).replace(/\s+/g, " ").trim().slice(0, MAX_MESSAGE);
  const timedOut = /statement timeout|timed? ?out|timeout exceeded|Command timed out/i.test(text);
  const final =
    /password|authenti|WRONGPASS|NOAUTH|NOPERM|permission|exist|unknown|syntax|Missing columns/i.test(text);
  return new StoreFault(`${spec.store} at ${spec.place}: ${text || "no answer"}`, timedOut, final);
}
