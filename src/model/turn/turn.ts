// One settled turn as the checks see it, and one kept turn as the report shows it.
import type { TurnControl } from "./control.js";
import type { CriticalEvent } from "./event.js";
import type { AnomalyCounts, Delivery, Outcome, Reason } from "./ledger.js";
import type { TokenKind } from "./usage.js";

/** What settling found of one turn in the service's own history; counts of distinct rows. */
export interface StoredTurn {
  readonly userRows: number;
  readonly answerRows: number;
  /** The answer follows its message and names it where the service links them; `undefined` if it is not known. */
  readonly linked: boolean | undefined;
  /** Stored answer equals (contains) the final text; `undefined` if one of them is unknown. */
  readonly sameText: boolean | undefined;
  /** Its answer's rows that the service marks as cut short; absent if rows do not tell. */
  readonly partialRows?: number;
  /** Stored message equals (contains) what was sent; `undefined` if it is not stored. */
  readonly sameMessage: boolean | undefined;
  /** It comes after a message that was sent after this one had been answered; absent if it does not. */
  readonly misplaced?: boolean;
}

/** Length and polynomial hash of a text's characters, white space left out. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: number;
}

/** What was said in a turn, if known. */
export interface TurnTexts {
  /** The service acknowledged the message. */
  readonly acked: boolean;
  readonly message: Fingerprint | undefined;
  readonly answer: Fingerprint | undefined;
}

/** One turn after its end, its grace window and its settling. Plain data; instants are monotonic microseconds. */
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
  /** The text of the error or refusal that its user got, cut to some hundred characters; absent for none. */
  readonly told?: string;
  /** Its request failed, which was counted as such when it happened. */
  readonly requestFailed?: true;
  /** Its user's channel was lost, or left, while it was under way. */
  readonly interrupted: boolean;
  /** It ended as it should, although it is no completion: as the scenario expects, stopped, or waiting. */
  readonly expected: boolean;
  /** By how much it was over the limits on a single turn, microseconds; 0 if it met all. */
  readonly overUs: number;
  /** It completed although the scenario expected an error or a rejection. */
  readonly unexpected: boolean;
  readonly missing: readonly CriticalEvent[];
  readonly anomalies: AnomalyCounts;
  /** Own nonce stood in the answer's text: the positive control of isolation. */
  readonly answerShowsNonce: boolean;
  /** The answer shows the nonce of this other turn of its user, and not its own; absent for none. */
  readonly answersTurn?: number;
  /** The pieces streamed agree with the final text; absent if there was but one of them. */
  readonly streamedAsFinal?: boolean;
  /** What its user did to it on its way; absent if that is nothing. */
  readonly control?: TurnControl;
  /** The turn before it in its thread was stopped. */
  readonly afterStop?: true;
  /** `undefined` if history could not be read (or the profile has none). */
  readonly stored: StoredTurn | undefined;
  /** Present where the message was sent. */
  readonly texts?: TurnTexts;
}

/** One line of a waterfall. */
export interface KeptEvent {
  readonly kind: string;
  /** Milliseconds after the turn's intended time. */
  readonly atMs: number;
  readonly tool?: string;
  /** The backend's id of that one call of a tool; absent if it tells none. */
  readonly toolId?: string;
  /** What the frame was counted as, when it was an anomaly. */
  readonly anomaly?: string;
}

/** A turn kept for people to look at: every failed one up to a bound, the slowest, and a random sample. */
export interface KeptTurn {
  readonly why: "failed" | "slow" | "sample";
  readonly user: number;
  readonly turn: number;
  readonly threadId: string;
  readonly runId?: string;
  /** What its requests sent to the target, in hex; absent if tracing is off. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly phase: string;
  /** Milliseconds since the start barrier. */
  readonly intendedMs: number;
  /** Milliseconds from the intended time to the send (send lag); absent if it was never sent. */
  readonly sentAfterMs?: number;
  readonly endedAfterMs?: number;
  readonly outcome: Outcome;
  readonly reason?: Reason;
  readonly error?: string;
  /** Tokens as reported; absent kinds are unknown. */
  readonly tokens?: Readonly<Partial<Record<TokenKind, number>>>;
  readonly events: readonly KeptEvent[];
}
