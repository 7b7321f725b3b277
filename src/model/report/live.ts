// What the live page of a run receives: once a second the state of the run, and the seconds that are new or changed.
import type { KeptTurn } from "../turn/turn.js";
import type { TimelinePoint } from "./measured.js";
import type { FaultReport, PhaseReport } from "./report.js";

/** A turn whose end has not come yet, and the last thing that came. */
export interface OpenTurn {
  readonly user: number;
  readonly turn: number;
  /** Since it was intended, milliseconds. */
  readonly forMs: number;
  /** Kind of its last event; absent if nothing came yet. */
  readonly last?: string;
  /** Since that event, milliseconds. */
  readonly silentMs?: number;
}

export interface LiveRule {
  readonly metric: string;
  readonly rule: string;
  readonly observed: string;
  /** Absent while it is not known. */
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
  readonly phases: readonly PhaseReport[];
  readonly faults: readonly Pick<FaultReport, "label" | "beginMs" | "endMs">[];
  readonly notes: readonly { readonly atMs: number; readonly text: string }[];
  readonly workers: readonly LiveWorker[];
  /** The oldest first; absent if they are not known. */
  readonly open?: readonly OpenTurn[];
  readonly lastFailed?: KeptTurn;
  /** The run is over; the verdict where it is known here. */
  readonly ended?: { readonly verdict?: string; readonly summary?: string };
}

export interface LiveMessage {
  /** These are all seconds, and what was known before is to be forgotten. */
  readonly all: boolean;
  readonly points: readonly TimelinePoint[];
  readonly state: LiveState;
}

/** What the page is served with. */
export interface LivePageData {
  readonly scenario: string;
  readonly target: string;
  /** Metric → limits of its rules, milliseconds. */
  readonly limitsMs: Readonly<Record<string, readonly number[]>>;
  /** The run can be stopped from the page. */
  readonly stoppable: boolean;
}
