// One line of turns.jsonl: a turn's times, outcome and usage, without the text of messages or answers.
import type { Label } from "../labels.js";
import type { Anomaly, Delivery, Outcome, Reason } from "../turn/ledger.js";
import type { TokenKind } from "../turn/usage.js";

/** Which turns have a line: all, a sample that thins out, or none. */
export const TURN_CHOICES = ["all", "sample", "none"] as const;
export type TurnChoice = (typeof TURN_CHOICES)[number];

/** Times are microseconds since the start barrier; `null` for what never came. */
export interface TurnLine {
  /** When it was intended, by the coordinator's wall clock: UTC to the microsecond. */
  readonly at: string;
  readonly user: number;
  /** The user's own count of turns, from 0. */
  readonly turn: number;
  readonly thread: string;
  /** The backend's id, if it has one. */
  readonly run?: string;
  /** Trace id sent with the turn's requests; absent if tracing is off. */
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
  /** It ended as expected, without completing. */
  readonly expected?: true;
  readonly anomalies?: Readonly<Partial<Record<Anomaly, number>>>;
  /** As reported; absent kinds are unknown. */
  readonly tokens?: Readonly<Partial<Record<TokenKind, number>>>;
  readonly model?: string;
  /** In the currency of the scenario's prices; absent if unknown. */
  readonly cost?: number;
  readonly modelCalls?: number;
  /** Tools started; absent if the target does not report it. */
  readonly toolCalls?: number;
  /** The first of them by their ends; `us` is `null` for one that never completed. */
  readonly tools?: readonly ToolRun[];
  /** Number of turns that it represents: more than 1 once the sample thins out. */
  readonly oneIn: number;
}

export interface ToolRun {
  readonly tool: string;
  readonly us: number | null;
}
