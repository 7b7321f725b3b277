// What users look up on purpose, and how they try locks: plain data for the checks that judge it.
import type { StoreName } from "./store.js";

/** One fault of what a lookup showed, counted once per row or turn that it concerns. */
export interface LookupFault {
  /** Stable short name of the fault within its check, such as `hit-missing`. */
  readonly code: string;
  readonly message: string;
  /** The user's turn that it concerns, where it is one. */
  readonly turn?: number | undefined;
  readonly expected: string;
  readonly seen: string;
}

/**
 * A search, or the paged reading of a whole thread, compared with what its user knows to be there; or rows of a history
 * that do not belong there, wherever it was read.
 */
export interface Lookup {
  readonly kind: "search" | "paging" | "history";
  /** Only the first of several pages were read, so that nothing can be said of what they did not show. */
  readonly partial?: boolean;
  readonly user: number;
  readonly threadId: string | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
  readonly faults: readonly LookupFault[];
}

/**
 * `refused`: the lock held. `breach`: it did not. `unclear`: neither, as when no answer came. `not-checked`: the
 * target cannot be tried so; the answer says why.
 */
export const PROBE_RESULTS = ["breach", "unclear", "refused", "not-checked"] as const;
export type ProbeResult = (typeof PROBE_RESULTS)[number];
/** What is wrong with the rows of one turn in one store. */
export interface StoreFault {
  readonly store: StoreName;
  readonly kind: "missing" | "duplicate" | "foreign" | "altered";
  readonly what: "message" | "answer";
  /** Whose turn it is. */
  readonly user: number;
  readonly turn: number;
  /** The thread that was looked into. */
  readonly threadId: string;
  /** The row that is wrong, and the thread that it was found in; empty if there is none. */
  readonly rowId: string;
  readonly rowThreadId: string;
  readonly expected: string;
  readonly seen: string;
}

/** One look into a store: what should be there, and what is wrong; or that it could not be read, and why. */
export type StoreReading =
  | { readonly kind: "configured"; readonly store: StoreName }
  | {
      readonly kind: "read";
      readonly store: StoreName;
      readonly messages: number;
      readonly answers: number;
      readonly faults: readonly StoreFault[];
    }
  | {
      readonly kind: "unread";
      readonly store: StoreName;
      readonly turns: number;
      /** One line without secrets. */
      readonly cause: string;
    };

/** One attempt to reach what must not be reached. */
export interface Probe {
  /** Stable short name: what was tried, and as whom, such as `history-as-other-user`. */
  readonly kind: string;
  /** As whom, in words: `another user`, `without a token`. */
  readonly seeker: string;
  /** The attempt in words: `GET another user's messages`. */
  readonly attempt: string;
  /** Who tried. */
  readonly user: number;
  /** Whose it was; `undefined` if it belongs to no user in particular. */
  readonly owner: number | undefined;
  /** Thread that was tried; `undefined` if it is none in particular. */
  readonly threadId: string | undefined;
  readonly expected: string;
  /** What came, in few words of a small vocabulary, such as `403`. */
  readonly answer: string;
  readonly result: ProbeResult;
  /** Monotonic microseconds. */
  readonly atUs: number;
}

/** A question for a fact of a dialogue, answered, and compared with what was said in its thread. */
export interface Recall {
  /** `told`: the answer to the message that gave the fact; `use`, `again`: the fact was given there; `elsewhere`: in another thread; `stranger`: by other users only. */
  readonly question: "told" | "use" | "again" | "elsewhere" | "stranger";
  /** `leaked`: the answer shows a fact that was never given in its thread. */
  readonly result: "right" | "forgotten" | "stale" | "leaked";
  /** What was asked for, such as `release codename`. */
  readonly subject: string;
  /** Its last value in the thread; `undefined` if nothing may be known. */
  readonly expected: string | undefined;
  readonly seen: string;
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  readonly runId: string | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
}
