// The kinds of store that a backend may keep its messages in, and what is configured of one.

export const STORE_NAMES = ["postgres", "redis", "clickhouse"] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** Which rows of a turn a store keeps. */
export const HOLDINGS = ["both", "messages", "answers"] as const;
export type Holding = (typeof HOLDINGS)[number];

/** One store of a target: how to reach it, how to ask it, and what to expect of it. Plain data. */
export interface StoreSpec {
  readonly store: StoreName;
  /** Connection URL; wholly secret, as its name says to the redactor. */
  readonly secretUrl: string;
  /** Where it is, for people: host, port and database, nothing else of the URL. */
  readonly place: string;
  /** SQL (or a key template) that finds rows by the ids of their threads. */
  readonly byThread: string;
  /** SQL that finds rows by the client's id of the message, wherever they are; or the key template of one message. */
  readonly byMessage: string | undefined;
  readonly holds: Holding;
  /** How long after a turn's end its rows may take to show, microseconds. */
  readonly windowUs: number;
  /** Bound of one query, microseconds. */
  readonly timeoutUs: number;
  /** Most messages that the store keeps of one thread; older ones are not expected. `undefined`: all. */
  readonly keep: number | undefined;
}

/** The stores of a target, and how often they are probed while the load runs. */
export interface StoresSpec {
  readonly list: readonly StoreSpec[];
  /** Probes a second of each store, over all workers. */
  readonly probesPerSecond: number;
}
