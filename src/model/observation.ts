// What users look up on purpose, and how they try locks: plain data for the checks that judge it.

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

/** A search, or the paged reading of a whole thread, held against what its user knows to be there. */
export interface Lookup {
  readonly kind: "search" | "paging";
  readonly user: number;
  readonly threadId: string | undefined;
  /** Monotonic microseconds. */
  readonly atUs: number;
  readonly faults: readonly LookupFault[];
}

/**
 * `refused`: the lock held. `breach`: it did not. `unclear`: neither, as when nobody answered. `not-checked`: the
 * target cannot be tried so; the answer says why.
 */
export const PROBE_RESULTS = ["breach", "unclear", "refused", "not-checked"] as const;
export type ProbeResult = (typeof PROBE_RESULTS)[number];

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
  /** Whose it was; `undefined` where it is nobody's in particular. */
  readonly owner: number | undefined;
  /** Thread that was tried; `undefined` where it is none in particular. */
  readonly threadId: string | undefined;
  readonly expected: string;
  /** What came, in few words of a small vocabulary, such as `403`. */
  readonly answer: string;
  readonly result: ProbeResult;
  /** Monotonic microseconds. */
  readonly atUs: number;
}
