// What the live page of a run receives each second: the state of the run, and new or changed seconds.
import type { KeptTurn } from "../turn/turn.js";
import type { TimelinePoint } from "./measured.js";
import type { FaultReport, PhaseReport } from "./report.js";

/** An open turn, and its last event. */
export interface OpenTurn {
  readonly user: number;
  readonly turn: number;
  /** Its intended start, milliseconds since the start barrier. */
  readonly sinceMs: number;
  /** Kind of its last event, if any. */
  readonly last?: string;
  /** When that event came, milliseconds since the start barrier. */
  readonly lastAtMs?: number;
}

export interface LiveRule {
  readonly metric: string;
  readonly rule: string;
  readonly observed: string;
  /** Absent while unknown. */
  readonly holds?: boolean;
  /** Samples that a percentile still lacks. */
  readonly missing?: number;
}

export interface LiveWorker {
  readonly name: string;
  /** Cores; milliseconds. */
  readonly cpu: number;
  readonly loopDelayMs: number;
  readonly sendLagMs: number;
}

export interface LiveState {
  readonly phase: string;
  readonly elapsedMs?: number;
  readonly leftMs?: number;
  readonly usersPlanned: number;
  readonly usersLive: number;
  readonly turnsEnded: number;
  readonly turnsInFlight: number;
  readonly rules: readonly LiveRule[];
  /** Reason → turns so far. */
  readonly errors: Readonly<Record<string, number>>;
  readonly workers: readonly LiveWorker[];
  /** The run is over; with its verdict, if known. */
  readonly ended?: { readonly verdict?: string; readonly summary?: string };
}

/** What may stay the same for many seconds: sent only when it has changed. */
export interface LiveLists {
  readonly phases: readonly PhaseReport[];
  readonly faults: readonly Pick<FaultReport, "label" | "beginMs" | "endMs">[];
  readonly notes: readonly { readonly atMs: number; readonly text: string }[];
  /** Oldest first; absent if unknown. */
  readonly open?: readonly OpenTurn[];
  /** At most one, the newest. */
  readonly failed: readonly KeptTurn[];
}

export interface LiveMessage {
  /** All seconds and all lists: replaces everything received before. */
  readonly all: boolean;
  readonly points: readonly TimelinePoint[];
  readonly state: LiveState;
  readonly lists: Partial<LiveLists>;
}

export interface LivePageData {
  readonly scenario: string;
  readonly target: string;
  /** Metric → limits of its rules, milliseconds. */
  readonly limitsMs: Readonly<Record<string, readonly number[]>>;
  /** Whether the run can be stopped from the page. */
  readonly stoppable: boolean;
}
