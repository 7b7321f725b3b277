// The report of one run, version 1: for scripts and reporters.
//
// One schema defines the types, the JSON Schema for scripts, and the order of keys in report.json.
// `docs/report.md` explains every field.
import { z } from "zod";
import { EXIT } from "../../support/errors.js";
import { EXTENSION_KINDS } from "../log/extension.js";
import { failedRequests } from "../log/failed-request.js";
import type { Frozen } from "../log/frozen.js";
import { PROBE_RESULTS } from "../log/observation.js";
import { checkResult, group, invalidReason, invocation, machine, notChecked } from "../log/run-log.js";
import { startCounts } from "../log/starts.js";
import { findingSchema } from "../turn/finding.js";
import { ANOMALIES, DELIVERIES, OUTCOMES, REASONS } from "../turn/ledger.js";
import { usageCounts } from "../turn/usage.js";
import { count, each, flag, number, numberOrNull, text, texts } from "../values.js";
import { slaResult, VERDICTS } from "../verdict.js";
import {
  breakdownReport,
  metricReport,
  metricSummary,
  ratesReport,
  serverReport,
  timelinePoint,
  trendReport,
} from "./measured.js";

export const REPORT_SCHEMA_VERSION = 1;

const extension = z.strictObject({
  name: text,
  kind: z.enum(EXTENSION_KINDS),
  /** Where it is defined: `my-steps.ts:12`. */
  place: text,
  calls: count,
  /** Calls that threw or rejected. */
  failed: count,
  /** Calls that timed out while waiting for a request or sleep of theirs. */
  timedOut: count,
  /** Calls that timed out while waiting for nothing that gp-load knew of. */
  unsettled: count,
  /** Rejections after a call was given up, and errors that nobody awaited. */
  late: count,
  /** Times that its code blocked the event loop for more than 10 ms. */
  blocks: count,
  /** `false`: so much of it that the run is INVALID. */
  withinBounds: flag,
  /** The first thing that was wrong, with file and line; absent if nothing was. */
  trouble: text.exactOptional(),
  /** All time in its code, milliseconds. */
  totalMs: number,
  /** Share of the hold's send lag during which it was running; `null` if nothing was late. */
  lagShare: numberOrNull,
  /** Time in its code for each call, milliseconds. */
  time: metricSummary,
});
/** The time in an extension's code is gp-load's own delay, not the target's. */
export type ExtensionReport = Frozen<z.infer<typeof extension>>;

const phase = z.strictObject({
  key: text,
  phase: text,
  label: text.exactOptional(),
  /** Milliseconds since the start barrier. */
  startMs: number,
  endMs: number,
});
export type PhaseReport = Frozen<z.infer<typeof phase>>;

const fault = z.strictObject({
  /** Position in the scenario's list, and how many-th time, both from 0. */
  fault: count,
  occurrence: count,
  action: text,
  label: text,
  beginMs: number,
  /** `null` if the run ended before the fault did. */
  endMs: numberOrNull,
  /** Users it was meant for, and how often it struck; absent if it is not about users. */
  users: count.exactOptional(),
  hits: count.exactOptional(),
  /** `yes`: see `recoveryMs`; `never` before the load ended; `unknown`: the load ended too soon to tell. */
  recovered: z.enum(["yes", "never", "unknown"]),
  recoveryMs: numberOrNull,
  /** Turns intended from its start to its recovery that missed a limit. */
  goodputLost: count,
});
/** One fault as it happened. Milliseconds since the start barrier. */
export type FaultReport = Frozen<z.infer<typeof fault>>;

const worker = z.strictObject({
  worker: count,
  /** Its fleet agent; absent without a fleet. */
  servedBy: text.exactOptional(),
  cpuMean: number,
  cpuMax: number,
  /** Share of the time that it was ready to run without getting a core. */
  cpuWaitShare: number,
  gcShare: number,
  /** p99 of its worst second, milliseconds. */
  loopDelayWorst: number,
  sendLagWorst: number,
  rssMaxMb: number,
  bufferedMaxBytes: count,
});
/** One worker over the hold. */
export type WorkerReport = Frozen<z.infer<typeof worker>>;

const generator = z.strictObject({
  /** All its own figures were within bounds; otherwise there is no verdict if they may have changed it. */
  healthy: flag,
  workers: count,
  /** Of the hold: milliseconds. */
  sendLagP99: numberOrNull,
  loopDelayP99: numberOrNull,
  gcMs: number,
  /** Cores used by the busiest worker: mean and peak over the hold's seconds. */
  cpuMean: numberOrNull,
  cpuMax: numberOrNull,
  rssMaxMb: numberOrNull,
  /** Starts of the hold dropped because the generator was late. */
  droppedStarts: count,
  /** Share of the planned load offered in the hold; `null` without a hold. */
  offeredShare: numberOrNull,
  /** Times that a worker did nothing at all, by the second of the run in which they began. */
  standstills: z.array(z.strictObject({ worker: count, second: count, ms: number })),
  /** Worst worker: share of the hold spent in garbage collection, and most bytes unsent in its sockets. */
  gcShareMax: numberOrNull,
  bufferedMaxBytes: count.nullable(),
  perWorker: z.array(worker),
  machine: machine.strict(),
});
export type GeneratorReport = Frozen<z.infer<typeof generator>>;

const clock = z.strictObject({
  mode: z.enum(["same", "unknown"]),
  stampedEvents: count,
  /** Server minus client, milliseconds; `null` if unknown. */
  offsetLowMs: numberOrNull,
  offsetHighMs: numberOrNull,
  driftMs: number,
});
export type ClockReport = Frozen<z.infer<typeof clock>>;

const accessGroup = z.strictObject({
  /** Stable short name: what was tried and as whom, such as `history-as-other-user`. */
  kind: text,
  seeker: text,
  attempt: text,
  expected: text,
  answer: text,
  /** `not-checked`: not possible on this target; the answer says why, and nothing is counted. */
  result: z.enum(PROBE_RESULTS),
  /** Exact. */
  count,
  /** The first ones: who tried, whose it was, and when, in milliseconds since the start barrier. */
  probes: z.array(
    z.strictObject({
      user: count,
      owner: count.exactOptional(),
      thread: text.exactOptional(),
      atMs: number,
    }),
  ),
});
/** All probes of one kind with the same answer. */
export type AccessGroup = Frozen<z.infer<typeof accessGroup>>;

const access = z.strictObject({
  /** Probes made: refused, breaches and unclear together. */
  ...each(["probes", "refused", "breaches", "unclear"], count),
  /** Worst first. */
  groups: z.array(accessGroup),
});
/** All attempts at forbidden access. */
export type AccessReport = Frozen<z.infer<typeof access>>;

const turn = z.strictObject({
  why: z.enum(["failed", "slow"]),
  user: count,
  turn: count,
  thread: text,
  runId: text.exactOptional(),
  /** 32 hex digits, as sent with its requests; absent if tracing was off. */
  traceId: text.exactOptional(),
  phase: text,
  /** Intended start, milliseconds since the start barrier. */
  atMs: number,
  /** From its intended start to its end, milliseconds; `null` without an end. */
  responseMs: numberOrNull,
  outcome: z.enum(OUTCOMES),
  reason: z.enum(REASONS).exactOptional(),
  error: text.exactOptional(),
});
/** A turn to look at: failed, or one of the slowest. */
export type TurnReport = Frozen<z.infer<typeof turn>>;

const ledger = z.strictObject({
  attempted: count,
  ...each(OUTCOMES, count),
  expected: count,
  unexpected: count,
  reasons: z.strictObject(each(REASONS, count.exactOptional())),
  delivery: z.strictObject(each(DELIVERIES, count)),
});

export const runReport = z.strictObject({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal("gp-load"), version: text }),
  runId: text,
  scenario: z.strictObject({ name: text, description: text, tags: texts }),
  target: z.strictObject({ name: text, profile: text, url: text, embedded: flag }),
  seed: number,
  /** Absent without a command line, or in old logs. */
  invocation: invocation.strict().exactOptional(),
  /** Users at peak load. */
  plannedUsers: count,
  /** The load in words: `20/s over 200 sessions × 1m`; absent if the log is old. */
  load: text.exactOptional(),
  /** Kinds of users; absent if all walk the same journey. */
  groups: z.array(group.strict()).exactOptional(),
  startedAt: text,
  durationMs: number,
  verdict: z.enum(VERDICTS),
  exitCode: z.literal(Object.values(EXIT)),
  /** One sentence: why the verdict is what it is. */
  summary: text,
  invalidReasons: z.array(invalidReason.strict()),
  notChecked: z.array(notChecked.strict()),
  sla: z.array(slaResult),
  ledger,
  /** Starts of an open load that came due in the hold; `null` under a closed one. */
  starts: startCounts.strict().nullable(),
  anomalies: z.strictObject(each(ANOMALIES, count)),
  /** Of the hold. */
  metrics: z.record(text, metricReport),
  /** Metrics of the hold that sample whole numbers; absent if there are none. */
  counts: z.record(text, metricSummary).exactOptional(),
  /** The hold by each label of its turns, most frequent values first; absent without labels. */
  breakdown: z.array(breakdownReport).exactOptional(),
  /** Absent if the target never reports usage. */
  usage: usageCounts.strict().exactOptional(),
  /** Absent in old reports. */
  rates: ratesReport.exactOptional(),
  /** Metrics read from the target in the hold, by name in the scenario file. */
  server: z.record(text, serverReport).exactOptional(),
  /** Other phases and steps of the hold: phase key → metric → summary. */
  phaseMetrics: z.record(text, z.record(text, metricReport)),
  phases: z.array(phase),
  faults: z.array(fault),
  /** Trends under constant load; empty for holds of fewer than eight seconds. */
  trends: z.array(trendReport),
  checks: z.array(checkResult.strict()),
  findings: z.array(findingSchema),
  /** Failed turns first, a limited number of each kind, then the slowest. */
  turns: z.array(turn),
  /** Absent if nothing was probed. */
  access: access.exactOptional(),
  /** The user's own code; absent if the run had none. */
  extensions: z.array(extension).exactOptional(),
  /** Requests and connections that failed, by cause, the first cause first. */
  failedRequests: z.array(failedRequests.strict()),
  unrecognised: z.array(z.strictObject({ shape: text, count })),
  generator,
  clock,
  notes: z.array(z.strictObject({ atMs: number, text })),
  timeline: z.array(timelinePoint),
});
export type RunReport = Frozen<z.infer<typeof runReport>>;
