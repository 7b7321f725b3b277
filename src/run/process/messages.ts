// What coordinator and workers say to each other: two discriminated unions of plain data.
import type { CheckPart } from "../../checks/check.js";
import type { ClockWindow } from "../../metrics/clock-interval.js";
import type { NumberedLabels } from "../../metrics/labels.js";
import type { SampleBatches } from "../../metrics/samples.js";
import type { ExtensionStates } from "../../model/log/extension.js";
import type { FailedRequests } from "../../model/log/failed-request.js";
import type { Probe } from "../../model/log/observation.js";
import type { Excess, GeneratorSecond } from "../../model/log/run-log.js";
import type { StartCounts } from "../../model/log/starts.js";
import type { StoreName } from "../../model/log/store.js";
import type { TurnChoice, TurnLine } from "../../model/log/turn-line.js";
import type { OpenTurn } from "../../model/report/live.js";
import type { AnomalyCounts, Ledger } from "../../model/turn/ledger.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import type { UsageCounts } from "../../model/turn/usage.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { DirectoryEntry } from "../../session/services.js";
import type { GoodLimits } from "../../session/turn/measures.js";
import type { LogLevel, LogLine } from "../../support/log-lines.js";
import type { TurnWindow } from "./turn-window.js";

/** What the probes of one store came to; plain data. */
export interface ProbeState {
  readonly probes: number;
  /** Probes that got no answer at all, neither fast nor slow, or none as long as they waited for rows. */
  readonly unreachable: number;
  readonly cause: string | undefined;
  /** The slowest look-up beyond the bound, and the store's plan of it. */
  readonly slowest: { readonly us: number; readonly plan: string } | undefined;
}

/** What became of the messages that one worker stored before the load. */
export interface Stored {
  /** Messages of this worker's users that are stored now. */
  readonly stored: number;
  /** Why not all of them are. */
  readonly why: string | undefined;
}

/** Everything a worker needs; it holds secrets and goes only over the private channel to a child. */
export interface WorkerPlan {
  readonly runSeed: number;
  readonly runLabel: string;
  /** What trace ids are made from, no other run's; absent where the target is told of none. */
  readonly traceKey?: string | undefined;
  readonly scenario: Scenario;
  readonly worker: number;
  readonly workers: number;
  /** Local addresses that sockets go out from in turn; empty for the system's own choice. */
  readonly sources: readonly string[];
  /** Limits that a turn must meet to count for goodput. */
  readonly goodLimits: GoodLimits;
  /** Some step looks up turns that completed earlier: threads remember their last ones. */
  readonly recalls: boolean;
  /** Turns that this worker may start; `undefined` for no bound. */
  readonly turnBudget: number | undefined;
  /** A look-up in a store that takes longer is explained, microseconds; infinite where nothing judges it. */
  readonly slowQueryUs: number;
  /** Lines of the log up to this level are wanted; absent for none. */
  readonly logLevel?: LogLevel | undefined;
  /** Turns that are to have a line in turns.jsonl; absent for none. */
  readonly turns?: Exclude<TurnChoice, "none"> | undefined;
}

export type ToWorker =
  | { readonly type: "prepare"; readonly plan: WorkerPlan }
  /** The start barrier. `rampUs` is unknown while a baseline step runs. `userIds` are those of all workers. */
  | {
      readonly type: "start";
      readonly startUs: number;
      readonly rampUs: number | undefined;
      readonly userIds: readonly (readonly [string, number])[];
    }
  | { readonly type: "ramp"; readonly rampUs: number }
  /** Threads of the users of other workers, as they arise. */
  | { readonly type: "directory"; readonly entries: readonly DirectoryEntry[] }
  /** End early: turns under way are aborted, what has ended is settled in haste. */
  | { readonly type: "stop" };

export interface Snapshot {
  readonly type: "snapshot";
  readonly worker: number;
  /** Seconds since the start barrier, numbered from 0. */
  readonly second: number;
  readonly usersLive: number;
  readonly usersStarted: number;
  readonly turnsStarted: number;
  readonly turnsEnded: number;
  readonly turnsInFlight: number;
  /** Starts of an open load that came due in this second; absent under a closed one. */
  readonly starts?: Readonly<StartCounts>;
  readonly batches: SampleBatches;
  /** Combinations of labels that are new in this worker's batches. */
  readonly labels: readonly NumberedLabels[];
  /** Delivery against an unknown clock: phase → [bucket edge in microseconds, count]. */
  readonly deltas: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly errors: Readonly<Record<string, number>>;
  /** [second, turns, good ones, those that were over a limit] of turns that were settled now. */
  readonly goodput: readonly (readonly [number, number, number, readonly Excess[]])[];
  readonly kept: readonly KeptTurn[];
  /** The oldest turns whose end has not come yet; absent where there is none. */
  readonly open?: readonly OpenTurn[];
  /** Turns that ended, for the account of the model's calls; absent where the run has no model endpoint. */
  readonly turns?: readonly TurnWindow[];
  /** Attempts of this second to reach what must not be reached. */
  readonly probes: readonly Probe[];
  /** Threads that this worker got to know in this second, for the other workers. */
  readonly directory: readonly DirectoryEntry[];
  readonly generator: GeneratorSecond;
  /** Cumulative, so that what a lost worker had sent is kept. */
  readonly state: WorkerState;
}

export interface WorkerState {
  readonly ledgers: Readonly<Record<string, Ledger>>;
  /** Starts of an open load by the phase in which they came due; empty under a closed one. */
  readonly starts: Readonly<Record<string, Readonly<StartCounts>>>;
  readonly anomalies: AnomalyCounts;
  readonly checks: Readonly<Record<string, CheckPart>>;
  readonly unrecognised: readonly (readonly [string, number])[];
  /** Requests and connections that failed, by cause. */
  readonly failures: readonly FailedRequests[];
  /** What was reported of completed turns; absent where the target never reports usage. */
  readonly usage?: Readonly<UsageCounts>;
  /** What the user's own code did; absent where there is none. */
  readonly extensions?: ExtensionStates;
  /** What the probes of the stores came to; absent where there are none. */
  readonly stores?: Readonly<Partial<Record<StoreName, ProbeState>>>;
  readonly clock: {
    readonly windows: readonly ClockWindow[];
    readonly stamped: number;
    readonly driftUs: number;
    readonly future: number;
    readonly aheadUs: number;
    readonly wholeSeconds: number;
  };
}

export interface PrepareFailure {
  /** Where it went wrong: the log-in, or opening a first channel. */
  readonly at: "login" | "connect";
  readonly kind: string;
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string;
  /** Method and URL of what was asked. */
  readonly request?: string | undefined;
  readonly closeCode?: number;
  readonly count: number;
}

export type FromWorker =
  | { readonly type: "preparing"; readonly worker: number; readonly ready: number; readonly failed: number }
  | {
      readonly type: "prepared";
      readonly worker: number;
      readonly userIds: readonly (readonly [string, number])[];
      readonly ready: number;
      readonly failures: readonly PrepareFailure[];
      /** What people should know of the log-ins. */
      readonly notes?: readonly string[];
      /** What became of the messages that were to be stored; absent where none were. */
      readonly stored?: Stored;
      readonly batches: SampleBatches;
    }
  | Snapshot
  | {
      readonly type: "phase";
      readonly worker: number;
      readonly phase: "drain" | "settle";
      readonly left: number;
    }
  /** Turns looked up in the stores so far: once for each store. */
  | { readonly type: "verifying"; readonly worker: number; readonly done: number; readonly all: number }
  | { readonly type: "done"; readonly worker: number; readonly last: Snapshot }
  /** A fault of the timeline began or ended at this worker's users. */
  | {
      readonly type: "fault";
      readonly worker: number;
      readonly fault: number;
      readonly occurrence: number;
      readonly edge: "begin" | "end";
      readonly atUs: number;
      /** This worker's users that it is meant for, and how often it struck so far. */
      readonly users: number;
      readonly hits: number;
    }
  /** Lines for turns.jsonl, and how many were lost since the last ones, for there was no room for them. */
  | {
      readonly type: "turns";
      readonly worker: number;
      readonly lines: readonly TurnLine[];
      readonly lost: number;
    }
  /** Something that people should read at once. */
  | { readonly type: "note"; readonly worker: number; readonly text: string }
  | { readonly type: "log"; readonly worker: number; readonly lines: readonly LogLine[] }
  | { readonly type: "bug"; readonly worker: number; readonly stack: string };
