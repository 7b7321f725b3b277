// Messages between coordinator and workers: two discriminated unions of plain data, as schemas and as types.
//
// Everything from another process or machine is checked before use: control messages field by field, nested measurements
// only by shape, since they arrive every second.
import { z } from "zod";
import type { CheckPart } from "../../checks/check.js";
import type { NumberedLabels } from "../../metrics/labels.js";
import type { SampleBatches } from "../../metrics/samples.js";
import type { ExtensionState } from "../../model/log/extension.js";
import type { FailedRequests } from "../../model/log/failed-request.js";
import type { Frozen } from "../../model/log/frozen.js";
import type { Probe } from "../../model/log/observation.js";
import type { GeneratorSecond } from "../../model/log/run-log.js";
import { startCounts } from "../../model/log/starts.js";
import type { StoreName } from "../../model/log/store.js";
import type { TurnChoice } from "../../model/log/turn-line.js";
import type { OpenTurn } from "../../model/report/live.js";
import type { AnomalyCounts, Ledger } from "../../model/turn/ledger.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import { usageCounts } from "../../model/turn/usage.js";
import { count, text, texts } from "../../model/values.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { DirectoryEntry } from "../../session/services.js";
import type { GoodLimits } from "../../session/turn/ending/measures.js";
import { LOG_LEVELS, type LogLevel, type LogLine } from "../../support/log/log-lines.js";
import { WINDOW_ENDS } from "./turn-window.js";

/** Results of the probes of one store; plain data. */
export interface ProbeState {
  readonly probes: number;
  /** Probes without any answer, or without any while they waited for rows. */
  readonly unreachable: number;
  readonly cause: string | undefined;
  /** The slowest lookup over the limit, and the store's query plan for it. */
  readonly slowest: { readonly us: number; readonly plan: string } | undefined;
}

/** Everything a worker needs. Contains secrets, so it is only sent over the private channel to a child. */
export interface WorkerPlan {
  readonly runSeed: number;
  readonly runLabel: string;
  /** What trace ids are derived from, unique to this run; absent if none are sent to the target. */
  readonly traceKey?: string | undefined;
  readonly scenario: Scenario;
  readonly worker: number;
  readonly workers: number;
  /** Local addresses that sockets go out from in turn; empty for the system's own choice. */
  readonly sources: readonly string[];
  /** Limits that a turn must meet to count for goodput. */
  readonly goodLimits: GoodLimits;
  /** Some step looks up previously completed turns: threads remember their last ones. */
  readonly recalls: boolean;
  /** Turns that this worker may start; `undefined` for no limit. */
  readonly turnBudget: number | undefined;
  /** A store lookup that takes longer than this gets a query plan, microseconds; infinite if no rule judges it. */
  readonly slowQueryUs: number;
  /** Log lines up to this level are sent; absent for none. */
  readonly logLevel?: LogLevel | undefined;
  /** Turns that get a line in turns.jsonl; absent for none. */
  readonly turns?: Exclude<TurnChoice, "none"> | undefined;
}

/** An object of which only the fields in the schema are checked. */
const plain = <Shape extends object>(schema?: z.ZodType) =>
  z.custom<Shape>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      (schema === undefined || schema.safeParse(value).success),
  );

/** A required key whose value may be `undefined`. */
const maybe = <Value>(schema: z.ZodType<Value>) =>
  z.custom<Value | undefined>((value) => value === undefined || schema.safeParse(value).success);

/** Includes `NaN` and infinities, which structured clone supports and `z.number` rejects. */
const number = z.custom<number>((value) => typeof value === "number");
const us = z.int();
const userIds = z.array(z.tuple([text, count]));
const directory = z.array(z.custom<DirectoryEntry>((entry) => Array.isArray(entry) && entry.length === 3));

const batch = z.object({
  samples: z.instanceof(Uint32Array),
  censored: count,
  cohorts: z.instanceof(Uint32Array).exactOptional(),
});
const batches = plain<SampleBatches>(z.record(text, z.record(text, batch)));

const generator = z.object({
  worker: count,
  cpu: number,
  loopDelayP99Us: number,
  sendLagP99Us: number,
  gcUs: number,
  rssBytes: number,
});

/** Cumulative, so that nothing a lost worker sent is missing. */
const state = z.object({
  ledgers: z.record(text, plain<Ledger>()),
  /** Starts of an open load by the phase in which they came due; empty under a closed one. */
  starts: z.record(text, startCounts),
  anomalies: plain<AnomalyCounts>(),
  checks: z.record(text, plain<CheckPart>()),
  unrecognised: z.array(z.tuple([text, count])),
  /** Requests and connections that failed, by cause. */
  failures: z.array(plain<FailedRequests>()),
  /** Reported usage of completed turns; absent if the target never reports any. */
  usage: usageCounts.exactOptional(),
  /** What the user's own code did; absent if there is none. */
  extensions: z.object({ lagUs: count, each: z.array(plain<ExtensionState>()) }).exactOptional(),
  /** Results of the store probes; absent if there are none. */
  stores: plain<Partial<Record<StoreName, ProbeState>>>().exactOptional(),
  clock: z.object({
    windows: z.array(z.tuple([number, number, number])),
    stamped: count,
    driftUs: number,
    future: count,
    aheadUs: us,
    wholeSeconds: count,
  }),
});
export type WorkerState = Frozen<z.infer<typeof state>>;

const snapshot = z.object({
  type: z.literal("snapshot"),
  worker: count,
  /** Seconds since the start barrier, numbered from 0. */
  second: count,
  usersLive: count,
  usersStarted: count,
  turnsStarted: count,
  turnsEnded: count,
  turnsInFlight: count,
  /** Starts of an open load that came due in this second; absent under a closed one. */
  starts: startCounts.exactOptional(),
  batches,
  /** Combinations of labels that are new in this worker's batches. */
  labels: z.custom<readonly NumberedLabels[]>(
    (value) => z.array(z.tuple([count, texts])).safeParse(value).success,
  ),
  /** Delivery against an unknown clock: phase → [bucket edge in microseconds, count]. */
  deltas: z.record(text, z.array(z.tuple([number, count]))),
  errors: z.record(text, count),
  /** [second, turns, good ones, those over a limit] of turns settled now. */
  goodput: z.array(z.tuple([z.int(), count, count, z.array(z.tuple([count, count]))])),
  kept: z.array(plain<KeptTurn>()),
  /** The oldest open turns; absent if they are the same as in the snapshot before. */
  open: z.array(plain<OpenTurn>()).exactOptional(),
  /** The last turn that failed, before it is settled; absent if none has since the snapshot before. */
  failed: plain<KeptTurn>().exactOptional(),
  /** Turns that ended, for the accounting of model calls; absent if the run has no model endpoint. */
  turns: z.array(z.tuple([count, count, text, us, us, z.enum(WINDOW_ENDS)])).exactOptional(),
  /** This second's attempts to access what must be refused. */
  probes: z.array(plain<Probe>()),
  /** Threads that this worker learned of in this second, for the other workers. */
  directory,
  generator: plain<GeneratorSecond>(generator),
  state,
});
export type Snapshot = Frozen<z.infer<typeof snapshot>>;

const failure = z.object({
  /** Where it went wrong: the login, or opening a first channel. */
  at: z.enum(["login", "connect"]),
  kind: text,
  status: z.int(),
  code: maybe(text),
  message: text,
  /** Method and URL of the request. */
  request: text.optional(),
  closeCode: z.int().exactOptional(),
  /** The time limit that ended it, microseconds. */
  waitedUs: z.number().exactOptional(),
  count,
});
export type PrepareFailure = Frozen<z.infer<typeof failure>>;

const stored = z.object({
  /** Messages of this worker's users that are stored now. */
  stored: count,
  /** Why not all of them were stored. */
  why: maybe(text),
});
/** How many messages one worker stored before the load, and why not more. */
export type Stored = Frozen<z.infer<typeof stored>>;

const logLine = plain<LogLine>(
  z.object({
    level: z.enum(LOG_LEVELS),
    event: text,
    timeMs: count,
    fields: z.record(text, z.union([text, z.number(), z.boolean()])),
  }),
);

export const fromWorkerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("preparing"), worker: count, ready: count, failed: count }),
  z.object({
    type: z.literal("prepared"),
    worker: count,
    userIds,
    ready: count,
    failures: z.array(failure),
    /** What people should know about the logins. */
    notes: texts.exactOptional(),
    /** Result of storing messages before the load; absent if none were to be stored. */
    stored: stored.exactOptional(),
    batches,
  }),
  snapshot,
  z.object({ type: z.literal("phase"), worker: count, phase: z.enum(["drain", "settle"]), remaining: count }),
  /** Turns looked up in the stores so far: once for each store. */
  z.object({ type: z.literal("verifying"), worker: count, done: count, all: count }),
  z.object({ type: z.literal("done"), worker: count, last: snapshot }),
  /** A fault of the timeline began or ended at this worker's users. */
  z.object({
    type: z.literal("fault"),
    worker: count,
    fault: count,
    occurrence: count,
    edge: z.enum(["begin", "end"]),
    atUs: us,
    /** How many of this worker's users it is meant for, and how often it hit them so far. */
    users: count,
    hits: count,
  }),
  /** Whole lines for turns.jsonl, and how many were dropped since the last ones for lack of room. */
  z.object({ type: z.literal("turns"), worker: count, text, lost: count }),
  /** A note to show people at once. */
  z.object({ type: z.literal("note"), worker: count, text }),
  z.object({ type: z.literal("log"), worker: count, lines: z.array(logLine) }),
  z.object({ type: z.literal("bug"), worker: count, stack: text }),
]);
export type FromWorker = Frozen<z.infer<typeof fromWorkerSchema>>;

export const toWorkerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("prepare"), plan: plain<WorkerPlan>() }),
  /**
   * The start barrier, `startWallUs` by the coordinator's wall clock. `rampUs` is unknown while a baseline step runs.
   * `userIds` are those of all workers.
   */
  z.object({ type: z.literal("start"), startUs: us, startWallUs: us, rampUs: maybe(us), userIds }),
  z.object({ type: z.literal("ramp"), rampUs: us }),
  /** Threads of other workers' users, as they are created. */
  z.object({ type: z.literal("directory"), entries: directory }),
  /** End early: abort open turns, and settle the ended ones quickly. */
  z.object({ type: z.literal("stop") }),
]);
export type ToWorker = Frozen<z.infer<typeof toWorkerSchema>>;

/** Throws for an invalid message from a worker. Returns the message as received, including unknown keys. */
export function fromWorker(message: unknown): FromWorker {
  fromWorkerSchema.parse(message);
  return message as FromWorker;
}

/** Throws for an invalid message from a coordinator; also returns it as received. */
export function toWorker(message: unknown): ToWorker {
  toWorkerSchema.parse(message);
  return message as ToWorker;
}
