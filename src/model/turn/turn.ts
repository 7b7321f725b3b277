// A settled turn for the checks, and a kept turn for the report.
import type { ControlRecord } from "./decision.js";
import type { CriticalEvent } from "./event.js";
import type { AnomalyCounts, Delivery, Outcome, Reason } from "./ledger.js";
import type { TokenKind } from "./usage.js";

/** What settling found in the service's history about one turn; counts of distinct rows. */
export interface StoredTurn {
  readonly userRows: number;
  readonly answerRows: number;
  /** The answer follows its message, and names it if the service links them; `undefined` if unknown. */
  readonly linked: boolean | undefined;
  /** The stored answer equals (contains) the final text; `undefined` if one is unknown. */
  readonly sameText: boolean | undefined;
  /** Rows of its answer marked as cut short; absent if rows have no such mark. */
  readonly partialRows?: number;
  /** The stored message equals (contains) the one sent; `undefined` if it is not stored. */
  readonly sameMessage: boolean | undefined;
  /** It is stored after a message that was sent after this one had been answered. */
  readonly misplaced?: boolean;
}

/** Length and polynomial hash of a text without white space. */
export interface Fingerprint {
  /** Characters other than white space, and their hash. */
  readonly length: number;
  readonly hash: number;
  /** Places where white space stands between two words, the latter in small letters; absent where nobody compares them. */
  readonly gaps?: number;
}

export interface TurnTexts {
  /** The service acknowledged the message. */
  readonly acked: boolean;
  readonly message: Fingerprint | undefined;
  readonly answer: Fingerprint | undefined;
}

/** One turn after its end, grace window and settling. Plain data; times are monotonic microseconds. */
export interface SettledTurn {
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly turn: number;
  readonly threadId: string;
  readonly runId: string | undefined;
  readonly nonce: string;
  readonly phase: string;
  readonly intendedUs: number;
  /** NaN if it could not be sent. */
  readonly sentUs: number;
  /** First agent_started; NaN if there was none. */
  readonly startedUs: number;
  /** NaN if there was no terminal. */
  readonly terminalUs: number;
  readonly outcome: Outcome;
  readonly reason: Reason | undefined;
  readonly delivery: Delivery | undefined;
  /** The text of the error or refusal shown to its user, cut to a few hundred characters. */
  readonly told?: string;
  /** Its request failed, which was counted when it happened. */
  readonly requestFailed?: true;
  /** Its user's channel was lost or left while it was open. */
  readonly channelLost: boolean;
  /** It ended as expected without completing: by the scenario, stopped, or waiting. */
  readonly expected: boolean;
  /** How far it exceeded the limits on a single turn, microseconds; 0 if it met all. */
  readonly overUs: number;
  /** It completed although the scenario expected an error or a rejection. */
  readonly unexpected: boolean;
  readonly missing: readonly CriticalEvent[];
  readonly anomalies: AnomalyCounts;
  /** Its own nonce was in the answer: the positive control of isolation. */
  readonly answerShowsNonce: boolean;
  /** The answer shows the nonce of this other turn of its user instead of its own. */
  readonly answersTurn?: number;
  /** The streamed pieces agree with the final text; absent if only one of the two came. */
  readonly streamedAsFinal?: boolean;
  /** What its user did to it while it was open, if anything. */
  readonly control?: ControlRecord;
  /** The previous turn in its thread was stopped. */
  readonly afterStop?: true;
  /** `undefined` if history could not be read (or the profile has none). */
  readonly stored: StoredTurn | undefined;
  /** Present if the message was sent. */
  readonly texts?: TurnTexts;
}

/** One line of a waterfall. */
export interface KeptEvent {
  readonly kind: string;
  /** Milliseconds after the turn's intended start. */
  readonly atMs: number;
  readonly tool?: string;
  /** The backend's id of the tool call, if any. */
  readonly toolId?: string;
  readonly anomaly?: string;
}

/** A turn kept for people: failed ones up to a limit, the slowest, and a random sample. */
export interface KeptTurn {
  readonly why: "failed" | "slow" | "sample";
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  readonly runId?: string;
  /** Sent with its requests, in hex; absent if tracing is off. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly phase: string;
  /** Milliseconds since the start barrier. */
  readonly intendedMs: number;
  /** Send lag, milliseconds; absent if it was never sent. */
  readonly sentAfterMs?: number;
  readonly endedAfterMs?: number;
  readonly outcome: Outcome;
  readonly reason?: Reason;
  readonly error?: string;
  /** Tokens as reported; absent kinds are unknown. */
  readonly tokens?: Readonly<Partial<Record<TokenKind, number>>>;
  readonly events: readonly KeptEvent[];
}
