// The report of one run, version 1: the surface that scripts read, and what every reporter renders.

import type { ExitCode } from "../../support/errors.js";
import type { Label } from "../labels.js";
import type { ExtensionKind } from "../log/extension.js";
import type { FailedRequests } from "../log/failed-request.js";
import type { ProbeResult } from "../log/observation.js";
import type {
  CheckResult,
  GroupOfRun,
  InvalidReason,
  Invocation,
  MachineInfo,
  NotChecked,
} from "../log/run-log.js";
import type { StartCounts } from "../log/starts.js";
import type { ServerUnit } from "../metric.js";
import type { Finding } from "../turn/finding.js";
import type { AnomalyCounts, Ledger, Outcome, Reason } from "../turn/ledger.js";
import type { UsageCounts } from "../turn/usage.js";
import type { SlaResult, Verdict } from "../verdict.js";

export const REPORT_SCHEMA_VERSION = 1;

/** Summary of one sampled metric. Milliseconds with three decimals; `null` where there is no data or the value is censored. */
export interface MetricSummary {
  readonly count: number;
  /** Attempts that never ended and rank above every sample. */
  readonly censored: number;
  readonly min: number | null;
  readonly mean: number | null;
  /** Standard deviation of what ended; absent in old reports. */
  readonly std?: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

export interface MetricReport extends MetricSummary {
  readonly unit: "ms";
  /** From the send instead of the intended time. */
  readonly service?: MetricSummary;
}

/** One extension: its calls, and the time in its code, which is gp-load's own delay and not the target's. */
export interface ExtensionReport {
  readonly name: string;
  readonly kind: ExtensionKind;
  /** Where it is defined: `my-steps.ts:12`. */
  readonly place: string;
  readonly calls: number;
  /** Calls that threw or rejected. */
  readonly failed: number;
  /** Calls that were given up while a request or sleep of theirs was under way. */
  readonly timedOut: number;
  /** Calls that were given up while gp-load knew of nothing that they waited for. */
  readonly unsettled: number;
  /** Rejections after a call was given up, and errors that nobody awaited. */
  readonly late: number;
  /** Stretches of its code that kept the event loop for more than 10 ms. */
  readonly blocks: number;
  /** `false`: it did so much of that that the run is INVALID. */
  readonly withinBounds: boolean;
  /** The first thing that was wrong, with file and line; absent where nothing was. */
  readonly trouble?: string;
  /** All time in its code, milliseconds. */
  readonly totalMs: number;
  /** Share of the hold's send lag in which it was running; `null` where nothing was late. */
  readonly lagShare: number | null;
  /** Time in its code for each call, milliseconds. */
  readonly time: MetricSummary;
}

/** Summary of a metric that samples whole numbers, as they are. */
export type CountSummary = MetricSummary;

/** One value a second of the hold; `null` where there is none. Bytes, seconds, or as it is. */
export interface ServerReport {
  readonly unit: ServerUnit;
  /** Seconds of the hold that have a value, and that have none. */
  readonly seconds: number;
  readonly missing: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** Why there was none, the last time; absent where there always was. */
  readonly why?: string;
}

/** Per second of the hold; `null` where nothing is known of it. */
export interface RatesReport {
  /** Whole seconds of the hold. */
  readonly seconds: number;
  /** Turns that were due in it, whatever became of them; those that completed; those that met every limit. */
  readonly turns: number | null;
  readonly completed: number | null;
  readonly goodput: number | null;
  /** Reported output tokens. */
  readonly outputTokens: number | null;
}

/** What the turns of the hold measured that have one value of a label. */
export interface BreakdownReport {
  readonly label: Label;
  /** `(other)` for all beyond the 50 most frequent ones. */
  readonly value: string;
  /** Times in milliseconds, counts and money as they are. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
}

/** One second of the run for plots. */
export interface TimelinePoint {
  readonly second: number;
  readonly phase: string;
  readonly usersLive: number;
  readonly usersStarted: number;
  readonly turnsStarted: number;
  readonly turnsEnded: number;
  readonly turnsInFlight: number;
  /** Starts of an open load that came due in this second; `null` under a closed one. */
  readonly starts: StartCounts | null;
  /** Turns intended in this second, and those of them that met every limit; `null` until settled. */
  readonly intended: number | null;
  readonly good: number | null;
  readonly errors: Readonly<Record<string, number>>;
  /** What the target told of itself in this second; absent where that is nothing. */
  readonly server?: Readonly<Record<string, number>>;
  /** Metric → percentiles of what was recorded in this second, milliseconds; `null` where the rank is censored. */
  readonly metrics: Readonly<
    Record<
      string,
      {
        readonly n: number;
        readonly p50: number | null;
        readonly p95: number | null;
        readonly p99: number | null;
        readonly max: number | null;
      }
    >
  >;
  readonly generator: {
    readonly cpu: number;
    readonly loopDelayP99: number;
    readonly sendLagP99: number;
    readonly rssMb: number;
    /** Milliseconds of the worst worker. */
    readonly gcMs: number;
    readonly cpuWaitMs: number;
    /** Of all workers. */
    readonly bufferedBytes: number;
  };
}

export interface PhaseReport {
  readonly key: string;
  readonly phase: string;
  readonly label?: string;
  /** Milliseconds since the start barrier. */
  readonly startMs: number;
  readonly endMs: number;
}

/** One fault as it really happened. Milliseconds since the start barrier. */
export interface FaultReport {
  /** Position in the scenario's list, and how many-th time, both from 0. */
  readonly fault: number;
  readonly occurrence: number;
  readonly action: string;
  readonly label: string;
  readonly beginMs: number;
  /** `null` where the run ended before the fault did. */
  readonly endMs: number | null;
  /** Users whom it was meant for, and how often it struck; absent where it concerns no users. */
  readonly users?: number;
  readonly hits?: number;
  /** `yes` with `recoveryMs`; `never` before the load ended; `unknown` where that was too soon to tell. */
  readonly recovered: "yes" | "never" | "unknown";
  readonly recoveryMs: number | null;
  /** Turns intended from its begin to its recovery that missed a limit. */
  readonly goodputLost: number;
}

/** One figure over one hold: its second half against its first, and its slope. */
export interface TrendReport {
  /** A metric with durations (p95 of its seconds), `errors`, `target.memory`, `server.<name>`, or `generator.memory` (one a worker). */
  readonly name: string;
  /** Phase key of the hold. */
  readonly hold: string;
  /** `ratio`: errors for each turn that ended. */
  readonly unit: "ms" | "ratio" | "MB" | "number";
  readonly first: number;
  readonly second: number;
  /** Slope an hour, and its interval of 99 %; `null` for holds of less than five minutes, and for an end without bound. */
  readonly perHour: number | null;
  readonly perHourLow: number | null;
  readonly perHourHigh: number | null;
  /** More than chance explains. */
  readonly grows: boolean;
}

export interface GeneratorReport {
  /** Nothing of its own was beyond its bounds; what is beyond them forbids a verdict only where it may have changed it. */
  readonly healthy: boolean;
  readonly workers: number;
  /** Of the hold: milliseconds. */
  readonly sendLagP99: number | null;
  readonly loopDelayP99: number | null;
  readonly gcMs: number;
  /** Cores used by the busiest worker: mean and peak over the hold's seconds. */
  readonly cpuMean: number | null;
  readonly cpuMax: number | null;
  readonly rssMaxMb: number | null;
  /** Starts of the hold that the generator came too late for. */
  readonly droppedStarts: number;
  /** Share of the planned load that it offered in the hold; `null` without one. */
  readonly offeredShare: number | null;
  /** Stretches in which a worker did nothing at all, by the second of the run in which they began. */
  readonly standstills: readonly { readonly worker: number; readonly second: number; readonly ms: number }[];
  /** Worst worker: share of the hold spent collecting garbage, and most bytes that waited unsent in its sockets. */
  readonly gcShareMax: number | null;
  readonly bufferedMaxBytes: number | null;
  readonly perWorker: readonly WorkerReport[];
  readonly machine: MachineInfo;
}

/** One worker over the hold. */
export interface WorkerReport {
  readonly worker: number;
  /** Who of a fleet served it; absent where it was a process of the coordinator's machine. */
  readonly servedBy?: string;
  readonly cpuMean: number;
  readonly cpuMax: number;
  /** Share of the time that it was ready to run and got no core. */
  readonly cpuWaitShare: number;
  readonly gcShare: number;
  /** p99 of its worst second, milliseconds. */
  readonly loopDelayWorst: number;
  readonly sendLagWorst: number;
  readonly rssMaxMb: number;
  readonly bufferedMaxBytes: number;
}

export interface ClockReport {
  readonly mode: "same" | "unknown";
  readonly stampedEvents: number;
  /** Server minus client, milliseconds; `null` when unknown. */
  readonly offsetLowMs: number | null;
  readonly offsetHighMs: number | null;
  readonly driftMs: number;
}

/** One way in which access was tried, and one answer that came: all probes of which these are true. */
export interface AccessGroup {
  /** Stable short name: what was tried and as whom, such as `history-as-other-user`. */
  readonly kind: string;
  readonly seeker: string;
  readonly attempt: string;
  readonly expected: string;
  readonly answer: string;
  /** `not-checked`: it could not be tried on this target; the answer says why, and nothing was counted. */
  readonly result: ProbeResult;
  /** Exact. */
  readonly count: number;
  /** The first of them, bounded: who tried, whose it was, when (milliseconds since the start barrier). */
  readonly probes: readonly {
    readonly user: number;
    readonly owner?: number;
    readonly thread?: string;
    readonly atMs: number;
  }[];
}

/** Every attempt to reach what must not be reached. */
export interface AccessReport {
  /** Those that were made: refused, breaches and unclear together. */
  readonly probes: number;
  readonly refused: number;
  readonly breaches: number;
  readonly unclear: number;
  /** Worst first. */
  readonly groups: readonly AccessGroup[];
}

/** A turn to be looked at: one of the failed ones, or of the slowest. */
export interface TurnReport {
  readonly why: "failed" | "slow";
  readonly user: number;
  readonly turn: number;
  readonly thread: string;
  readonly runId?: string;
  /** 32 digits of hex, as sent with its requests; absent where tracing was off. */
  readonly traceId?: string;
  readonly phase: string;
  /** When it was intended, milliseconds since the start barrier. */
  readonly atMs: number;
  /** From its intended time to its end, milliseconds; `null` where no end was seen. */
  readonly responseMs: number | null;
  readonly outcome: Outcome;
  readonly reason?: Reason;
  readonly error?: string;
}

export interface RunReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  readonly runId: string;
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
  };
  readonly seed: number;
  /** Absent where the run was not started by a command line, or its log is old. */
  readonly invocation?: Invocation;
  /** Users that the load wanted at its highest. */
  readonly plannedUsers: number;
  /** The load in words: `20/s over 200 sessions × 1m`; absent where the log is old. */
  readonly load?: string;
  /** Kinds of users; absent where all walk the same journey. */
  readonly groups?: readonly GroupOfRun[];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly exitCode: ExitCode;
  /** One sentence: why the verdict is what it is. */
  readonly summary: string;
  readonly invalidReasons: readonly InvalidReason[];
  readonly notChecked: readonly NotChecked[];
  readonly sla: readonly SlaResult[];
  readonly ledger: Ledger;
  /** Starts of an open load that came due in the hold; `null` under a closed one. */
  readonly starts: StartCounts | null;
  readonly anomalies: AnomalyCounts;
  /** Of the hold. */
  readonly metrics: Readonly<Record<string, MetricReport>>;
  /** Metrics of the hold that sample whole numbers; absent where there are none. */
  readonly counts?: Readonly<Record<string, CountSummary>>;
  /** The hold by each label of its turns, the most frequent values first; absent where no turn has any. */
  readonly breakdown?: readonly BreakdownReport[];
  /** What was reported of completed turns; absent where the target never reports usage. */
  readonly usage?: Readonly<UsageCounts>;
  /** What the target told of itself in the hold, by its name in the scenario file; absent where it is asked nothing. */
  readonly server?: Readonly<Record<string, ServerReport>>;
  /** What the hold did per second; absent in old reports. */
  readonly rates?: RatesReport;
  /** Of the other phases and of the hold's steps: phase key → metric → summary. */
  readonly phaseMetrics: Readonly<Record<string, Readonly<Record<string, MetricReport>>>>;
  readonly phases: readonly PhaseReport[];
  readonly faults: readonly FaultReport[];
  /** What grew or did not while the load stayed the same; empty for holds of fewer than eight seconds. */
  readonly trends: readonly TrendReport[];
  readonly checks: readonly CheckResult[];
  readonly findings: readonly Finding[];
  /** Failed turns first, each kind up to a bound; the slowest are sorted by their time. */
  readonly turns: readonly TurnReport[];
  /** Absent where nothing was probed. */
  readonly access?: AccessReport;
  /** The user's own code; absent where the run had none. */
  readonly extensions?: readonly ExtensionReport[];
  /** Requests and connections that failed, by cause, the first cause first. */
  readonly failedRequests: readonly FailedRequests[];
  readonly unrecognised: readonly { readonly shape: string; readonly count: number }[];
  readonly generator: GeneratorReport;
  readonly clock: ClockReport;
  readonly notes: readonly { readonly atMs: number; readonly text: string }[];
  readonly timeline: readonly TimelinePoint[];
}
