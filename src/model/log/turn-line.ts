// One line of turns.jsonl: when a turn was sent, what came of it and what it used. No text of a message or an answer.
import type { Label } from "../labels.js";
import type { Anomaly, Delivery, Outcome, Reason } from "../turn/ledger.js";
import type { TokenKind } from "../turn/usage.js";

/** Which turns have a line: every one, a sample that thins out, or none. */
export const TURN_CHOICES = ["all", "sample", "none"] as const;
export type TurnChoice = (typeof TURN_CHOICES)[number];

/** Instants are microseconds since the start barrier; `null` for what never came. */
export interface TurnLine {
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly turn: number;
  readonly thread: string;
  /** As the backend names it; absent if it names none. */
  readonly run?: string;
  /** Trace id, as sent with the turn's requests; absent if tracing is off. */
  readonly trace?: string;
  readonly phase: string;
  /** Labels that have a value. */
  readonly labels: Readonly<Partial<Record<Exclude<Label, "tool">, string>>>;
  readonly intendedUs: number;
  readonly sentUs: number | null;
  readonly firstEventUs: number | null;
  readonly startedUs: number | null;
  readonly firstTextUs: number | null;
  readonly endUs: number | null;
  readonly outcome: Outcome;
  readonly reason?: Reason;
  readonly delivery?: Delivery;
  /** It ended as it should, although it did not complete. */
  readonly expected?: true;
  /** Those that it had. */
  readonly anomalies?: Readonly<Partial<Record<Anomaly, number>>>;
  /** As reported; absent kinds are unknown. */
  readonly tokens?: Readonly<Partial<Record<TokenKind, number>>>;
  /** That it was reported for. */
  readonly model?: string;
  /** At the scenario's prices, in their currency; absent if it is not known. */
  readonly cost?: number;
  readonly modelCalls?: number;
  /** Tools that began; absent if the target does not tell. */
  readonly toolCalls?: number;
  /** The first of them, in the order of their ends; `us` is `null` for one that never completed. */
  readonly tools?: readonly ToolRun[];
  /** Turns that it represents: 1, or more once the sample has thinned out. */
  readonly oneIn: number;
}

export interface ToolRun {
  readonly tool: string;
  readonly us: number | null;
}
