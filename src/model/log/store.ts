// Kinds of store for a backend's messages, and the configuration of one.

export const STORE_NAMES = ["postgres", "redis", "clickhouse"] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** Which rows of a turn a store keeps. */
export const HOLDINGS = ["both", "messages", "answers"] as const;
export type Holding = (typeof HOLDINGS)[number];

/** How to reach and query a store, and what to expect of it. */
export interface StoreSpec {
  readonly store: StoreName;
  /** Connection URL; the name tells the redactor that all of it is secret. */
  readonly secretUrl: string;
  /** For people: host, port and database. */
  readonly place: string;
  /** SQL (or a key template) that finds rows by the ids of their threads. */
  readonly byThread: string;
  /** SQL that finds rows by the client's message id in any thread; or the key template of one message. */
  readonly byMessage: string | undefined;
  readonly holds: Holding;
  /** How long after a turn's end its rows may take to appear, microseconds. */
  readonly windowUs: number;
  /** Timeout of one query, microseconds. */
  readonly timeoutUs: number;
  /** Most messages that the store keeps per thread; `undefined`: all. */
  readonly keep: number | undefined;
}

export interface StoresSpec {
  readonly list: readonly StoreSpec[];
  /** Of each store, by all workers together. */
  readonly probesPerSecond: number;
}
