// What users look up, and how they probe access: plain data for the checks.
import type { StoreName } from "./store.js";

/** One fault in a lookup, counted once per row or turn. */
export interface LookupFault {
  /** Stable short name of the fault within its check, such as `hit-missing`. */
  readonly code: string;
  readonly message: string;
  /** The user's turn that it concerns, if it is one. */
  readonly turn?: number | undefined;
  readonly expected: string;
  readonly seen: string;
}

/**
 * A search, or a thread read page by page, compared with what its user knows to be there; rows that do not belong in a
 * history; or a history that was read again, compared with what it showed before.
 */
export interface Lookup {
  readonly kind: "search" | "paging" | "history" | "reread";
  /** Only the first pages were read: rows may be on the others. */
  readonly partial?: boolean;
  readonly user: number;
  readonly threadId: string | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
  readonly faults: readonly LookupFault[];
}

/**
 * `refused`: access was denied. `breach`: it was not. `unclear`: neither, as without an answer. `not-checked`: not
 * possible on this target; the answer says why.
 */
export const PROBE_RESULTS = ["breach", "unclear", "refused", "not-checked"] as const;
export type ProbeResult = (typeof PROBE_RESULTS)[number];
/** A fault in the rows of one turn in one store. */
export interface StoreFault {
  readonly store: StoreName;
  readonly kind: "missing" | "duplicate" | "foreign" | "altered";
  readonly what: "message" | "answer";
  /** Whose turn it is. */
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  /** The faulty row, and the thread that it was found in; empty if there is none. */
  readonly rowId: string;
  readonly rowThreadId: string;
  readonly expected: string;
  readonly seen: string;
}

/** One look into a store: expected rows and faults, or why it could not be read. */
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
  /** Owner of what was tried, if it has one. */
  readonly owner: number | undefined;
  /** Thread that was tried, if any. */
  readonly threadId: string | undefined;
  readonly expected: string;
  /** The result in a few words, such as `403`. */
  readonly answer: string;
  readonly result: ProbeResult;
  /** Monotonic microseconds. */
  readonly atUs: number;
}

/** An answered question about a fact, compared with what was said in its thread. */
export interface Recall {
  /** Where the fact was given: `told`: in this very message; `use`, `again`: in this thread; `elsewhere`: in another one; `stranger`: by other users only. */
  readonly question: "told" | "use" | "again" | "elsewhere" | "stranger";
  /** `leaked`: the answer shows a fact that was never given in its thread. */
  readonly result: "right" | "forgotten" | "stale" | "leaked";
  /** What was asked for, such as `release codename`. */
  readonly subject: string;
  /** Its last value in the thread; `undefined` if none may be known. */
  readonly expected: string | undefined;
  readonly seen: string;
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  readonly runId: string | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
}
