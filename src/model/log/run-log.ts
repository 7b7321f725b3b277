// The lines of run.jsonl, the truth of a run: everything a report says can be rendered from these again.
import type { Label } from "../labels.js";
import type { Finding } from "../turn/finding.js";
import type { AnomalyCounts, Ledger } from "../turn/ledger.js";
import type { KeptTurn } from "../turn/turn.js";
import type { UsageCounts } from "../turn/usage.js";
import type { SlaRule } from "../verdict.js";
import type { FailedRequests } from "./failed-request.js";
import type { ModelRecord } from "./model-call.js";
import type { ProbeResult } from "./observation.js";
import type { PhaseSpan } from "./phase.js";
import type { StartCounts } from "./starts.js";

export const RUN_LOG_VERSION = 1;

export interface MachineInfo {
  readonly node: string;
  readonly platform: string;
  readonly cpus: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
}

/** What somebody asked for. Holds no secret. */
export interface Invocation {
  /** The command line, put together again from its options. */
  readonly command: string;
  /** What it changed of the scenario file: `load.users = 20`. */
  readonly overrides: readonly string[];
  /** Version of the system under test, as `--build` named it. */
  readonly build?: string;
}

/** First line. Holds no secret: the scenario is redacted. */
export interface RunHeader {
  readonly type: "header";
  readonly version: typeof RUN_LOG_VERSION;
  readonly runId: string;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  /** ISO 8601, wall clock. */
  readonly startedAt: string;
  readonly scenario: {
    readonly name: string;
    readonly description: string;
    readonly tags: readonly string[];
  };
  readonly target: {
    readonly name: string;
    readonly profile: string;
    readonly url: string;
    readonly embedded: boolean;
    readonly clock: "same" | "unknown";
  };
  readonly seed: number;
  /** Absent in old logs, and where no command line was given. */
  readonly invocation?: Invocation;
  readonly workers: number;
  /** Who of a fleet serves each worker, by number; absent where all run on the coordinator's machine as its own. */
  readonly servedBy?: readonly string[];
  readonly plannedUsers: number;
  /** The load in words; absent in old logs. */
  readonly load?: string;
  /** Kinds of users; absent where all walk the same journey. */
  readonly groups?: readonly GroupOfRun[];
  readonly plannedTurns: number;
  /** Samples of each metric that the plan expects of the hold. */
  readonly plannedSamples: Readonly<Record<string, number>>;
  readonly rules: readonly SlaRule[];
  readonly checks: readonly string[];
  /** What cannot be checked here, known before the start. */
  readonly notChecked: readonly NotChecked[];
  /** What the profile says of the target's metrics; absent in old logs. */
  readonly tells?: ToldMetrics;
  readonly turnTimeoutUs: number;
  /** From the end of a ramp, how long the connects that it planned may take; absent in old logs. */
  readonly connectUs?: number;
  /** `--strict`: what could not be checked makes the run INVALID. */
  readonly strict: boolean;
  readonly machine: MachineInfo;
  /** The whole scenario as data, secrets replaced, for `report` and for people. */
  readonly scenarioData: unknown;
}

/** Some of the users of a run, who walk a journey of their own. */
export interface GroupOfRun {
  readonly name: string;
  /** So many at the load's highest. */
  readonly users: number;
  readonly note?: string;
}

/** Which metrics a target tells by what its profile knows of it. */
export interface ToldMetrics {
  /** Metrics that it cannot tell → why, for people. */
  readonly never: Readonly<Record<string, string>>;
  /** Metrics that every completed turn is to tell: where none did, something is wrong. */
  readonly always: readonly string[];
}

/** Something the report must not pass over in silence. */
export interface NotChecked {
  readonly name: string;
  readonly why: string;
  /** A default that the profile has nothing for, so that nobody expected it: `--strict` asks no more than it can get. */
  readonly byProfile?: true;
}

/** State of one metric: mergeable; counts, min, max and sum are exact, `hdr` is the base64 V2 encoding of the histogram. */
export interface MetricState {
  readonly count: number;
  readonly censored: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Samples that violate each limit of the metric's rules, exactly, in the order of `header.rules` for this metric. */
  readonly violations: readonly number[];
  /** Samples of 0, which the histogram holds as 1; absent for none. */
  readonly zeros?: number;
  readonly hdr: string;
}

/** One second of the run, all workers merged, numbered from the start barrier. */
export interface SecondRecord {
  readonly type: "second";
  readonly second: number;
  readonly phase: string;
  readonly usersLive: number;
  readonly usersStarted: number;
  /** Turns started, settled and censored in this second. */
  readonly turnsStarted: number;
  readonly turnsEnded: number;
  readonly turnsInFlight: number;
  /** Starts of an open load that came due in this second; absent under a closed one. */
  readonly starts?: Readonly<StartCounts>;
  /** Phase key → metric (or its service twin) → state of what was recorded in this second. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, MetricState>>>>;
  /** Deliveries against a clock that is known only as an interval: phase → [received − emitted in microseconds, count]. */
  readonly deltas: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** Reason → turns that ended for it in this second. */
  readonly errors: Readonly<Record<string, number>>;
  readonly generator: readonly GeneratorSecond[];
}

/** One worker's own health in one second. Times in microseconds; `cpu` is cores used (1 = one core). */
export interface GeneratorSecond {
  readonly worker: number;
  readonly cpu: number;
  readonly loopDelayP99Us: number;
  readonly sendLagP99Us: number;
  readonly gcUs: number;
  readonly rssBytes: number;
  /** Time of this second in which it did nothing at all, as part of a standstill of a second or more; absent for none. */
  readonly stoodStillUs?: number;
  /** Time that its thread was ready to run and got no core; absent where the system does not tell. */
  readonly cpuWaitUs?: number;
  /** Bytes that its sockets had taken and not yet sent at the second's end; absent in old logs. */
  readonly bufferedBytes?: number;
  /** Heap in use, without its young generation, and what it holds outside itself, garbage included; absent in old logs. */
  readonly heapBytes?: number;
  /** Heap in use as a share of the most that it may grow to; absent in old logs. */
  readonly heapShare?: number;
}

/** What the target told of itself in one second. */
export interface TargetRecord {
  readonly type: "target";
  readonly second: number;
  /** Resident memory of its process. */
  readonly memoryBytes: number;
}

/** Turns judged by the second in which they were intended; follows once they are settled. */
export interface GoodputRecord {
  readonly type: "goodput";
  readonly second: number;
  readonly turns: number;
  readonly good: number;
  /** Turns that were right but for a limit, by how much they were over it; absent where there are none. */
  readonly over?: readonly Excess[];
}

/** So many turns were over a limit by at least 2^power microseconds, and by less than twice as much. */
export type Excess = readonly [power: number, turns: number];

/** What one group of users measured in the hold: users whose number leaves the same remainder when divided by `of`. */
export interface CohortRecord {
  readonly type: "cohort";
  readonly cohort: number;
  readonly of: number;
  readonly metrics: Readonly<Record<string, MetricState>>;
}

/** What the turns of the hold measured that have one value of a label; of those beyond the bound the value is `(other)`. */
export interface BreakdownRecord {
  readonly type: "breakdown";
  readonly label: Label;
  readonly value: string;
  readonly metrics: Readonly<Record<string, MetricState>>;
}

export interface PhaseRecord {
  readonly type: "phase";
  readonly span: PhaseSpan;
}

export interface KeptTurnRecord {
  readonly type: "turn";
  readonly turn: KeptTurn;
}

/** One attempt to reach what must not be reached; organisations where they are known. */
export interface ProbeRecord {
  readonly type: "probe";
  readonly probe: {
    readonly kind: string;
    readonly seeker: string;
    readonly attempt: string;
    readonly user: number;
    readonly owner?: number;
    readonly thread?: string;
    readonly expected: string;
    readonly answer: string;
    readonly result: ProbeResult;
    /** Milliseconds since the start barrier. */
    readonly atMs: number;
  };
}

export interface FindingRecord {
  readonly type: "finding";
  readonly finding: Finding;
}

/** Something a person should know at its time: a worker lost, the target gone, an interrupt. */
export interface NoteRecord {
  readonly type: "note";
  readonly atMs: number;
  readonly text: string;
}

/** A fault began or ended, at the instant at which it really did. */
export interface FaultRecord {
  readonly type: "fault";
  /** Position in the scenario's list, and how many-th time, both from 0. */
  readonly fault: number;
  readonly occurrence: number;
  readonly action: string;
  /** A few words for people. */
  readonly label: string;
  readonly edge: "begin" | "end";
  /** Milliseconds since the start barrier, with three decimals. */
  readonly atMs: number;
  /** Users whom it was meant for; absent where it concerns no users in particular. */
  readonly users?: number;
  /** At the end: how often it really struck (cuts made, messages sent twice …). */
  readonly hits?: number;
}

/** What is known of the target's clock: server minus client, microseconds; `undefined` bounds when nothing was stamped. */
export interface ClockState {
  readonly mode: "same" | "unknown";
  readonly stamped: number;
  readonly lowUs: number | undefined;
  readonly highUs: number | undefined;
  /** Events that were stamped later than they were received, although the clock is the same. */
  readonly future: number;
  /** Farthest that any of them was ahead, microseconds; absent in old logs. */
  readonly aheadUs?: number;
  /** Stamped frames whose stamp is a whole second; absent in old logs. */
  readonly wholeSeconds?: number;
  /** How far the wall clock of a generator moved against its monotonic clock during the run. */
  readonly driftUs: number;
}

export type CheckStatus = "clean" | "found" | "not-checked" | "no-data";
export interface CheckResult {
  readonly check: string;
  readonly status: CheckStatus;
  /** How many things (turns, rows, frames) it judged. */
  readonly judged: number;
  readonly note?: string;
}

/** Check → name of the counter → count. */
export type CheckCounters = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Last line; absent when the run crashed. */
export interface RunFooter {
  readonly type: "footer";
  readonly durationMs: number;
  readonly interrupted: boolean;
  /** The broken rule that ended the run early, and when; absent where none did. */
  readonly aborted?: string;
  readonly crashed: boolean;
  /** Ledger of all turns, and of those intended in the hold (whole, and by step). */
  readonly ledger: Ledger;
  readonly ledgerByPhase: Readonly<Record<string, Ledger>>;
  readonly anomalies: AnomalyCounts;
  readonly checks: readonly CheckResult[];
  /** Check → what it counted, over all workers. */
  readonly checkCounters: CheckCounters;
  readonly clock: ClockState;
  readonly workersLost: readonly { readonly worker: number; readonly cause: string }[];
  /** Causes for which nothing can be known: no user ready, refused, a clock that jumped … */
  readonly invalid: readonly InvalidReason[];
  /** Starts of an open load by the phase in which they came due; empty under a closed one, absent in old logs. */
  readonly starts?: Readonly<Record<string, Readonly<StartCounts>>>;
  readonly usersReady: number;
  /** What cannot be checked here, as it turned out only in preparing. */
  readonly notChecked?: readonly NotChecked[];
  /** Shapes of unrecognised frames, most frequent first, bounded. */
  readonly unrecognised: readonly { readonly shape: string; readonly count: number }[];
  /** What was reported of completed turns; absent where the target never reports usage. */
  readonly usage?: Readonly<UsageCounts>;
  /** Requests and connections that failed, by cause, the first cause first; absent in old logs. */
  readonly failedRequests?: readonly FailedRequests[];
}

export interface InvalidReason {
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly advice?: string;
}

export type RunLogRecord =
  | RunHeader
  | PhaseRecord
  | SecondRecord
  | GoodputRecord
  | CohortRecord
  | BreakdownRecord
  | ModelRecord
  | KeptTurnRecord
  | FindingRecord
  | ProbeRecord
  | NoteRecord
  | FaultRecord
  | TargetRecord
  | RunFooter;
