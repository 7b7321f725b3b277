// One run: an accepted message, the log of its events, and how far they have been delivered.
import { nowUs } from "../../support/clock.js";
import { defined } from "../../support/defined.js";
import type { Reservation } from "../defects/book.js";
import type { ParamsOf } from "../defects/table.js";
import type { Decision } from "../socket/client-frames.js";
import type { Connection } from "../socket/connection.js";
import type { TurnWeight } from "../storage/store.js";

/** The order of a turn: started → thinking* → (executing → completed)* → completed | error. */
export type EventType =
  | "agent_started"
  | "agent_thinking"
  | "tool_executing"
  | "tool_completed"
  | "agent_response_chunk"
  | "approval_required"
  | "agent_stopped"
  | "agent_completed"
  | "agent_fallback"
  | "agent_error";

export interface RunEvent {
  readonly seq: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Microseconds since the Unix epoch, if the event was stamped before it was written. */
  readonly stampedUs?: number;
}

export interface Run {
  readonly id: string;
  readonly messageId: string;
  readonly threadId: string;
  readonly userId: string;
  readonly content: string;
  readonly weight: TurnWeight;
  /** Its user wants the answer in pieces. */
  readonly streams: boolean;
  /** The part of the answer streamed so far. */
  streamed: string;
  /** Aborted once its user stops it. */
  readonly stop: AbortController;
  /** Requests for a decision so far, and the decisions that an earlier process received. */
  asked: number;
  readonly decisions: Map<string, Decision>;
  /** Monotonic microseconds, like the other times. */
  readonly acceptedUs: number;
  startedUs?: number;
  endedUs?: number;
  /** Events in order of delivery. */
  readonly log: RunEvent[];
  /** Index in the log of the next event to deliver. */
  cursor: number;
  /** Highest `seq` assigned. */
  seq: number;
  /** Highest `seq` that its user claims to have: replayed events up to it are not sent again. */
  seenSeq: number;
  /** An earlier process had started it: its events may have been sent before. */
  readonly takenUp: boolean;
  /** Where its events go; `undefined` while its user is away. */
  connection: Connection | undefined;
  /** First and last `seq` written to its last connection. */
  sent?: { readonly on: Connection; readonly from: number; to: number };
  /** It was given up: no further event, no stored answer. */
  abandoned: boolean;
  /** A later message has overtaken it once. */
  overtaken: boolean;
  /** Events that a defect holds back. */
  burst?: RunEvent[];
  /** After its error the user's next messages vanish. */
  killsSession?: {
    readonly messages: number;
    readonly reservation: Reservation<ParamsOf<"session-dead-after-error">>;
  };
  swap?: { readonly reservation: Reservation<ParamsOf<"swap-events">>; readonly held: RunEvent[] };
}

export function isTerminal(type: string): boolean {
  return type === "agent_completed" || type === "agent_error" || type === "agent_stopped";
}

/** The initial state of every run. */
export function freshRun(): Pick<
  Run,
  | "acceptedUs"
  | "log"
  | "cursor"
  | "seq"
  | "seenSeq"
  | "abandoned"
  | "overtaken"
  | "streamed"
  | "stop"
  | "asked"
  | "decisions"
> {
  return {
    ...{ acceptedUs: nowUs(), log: [], cursor: 0, seq: 0, seenSeq: 0, abandoned: false, overtaken: false },
    ...{ streamed: "", stop: new AbortController(), asked: 0, decisions: new Map() },
  };
}

/** What the defect book records of a run. */
export function hitOf(run: Run, detail?: string) {
  const { userId, threadId, messageId } = run;
  return { userId, threadId, messageId, runId: run.id, ...defined({ detail }) };
}
