// Checks what arrives from a process or from another machine before anybody acts on it.
//
// The envelope and what steers the run is checked field by field; measurements deep inside only by their shape, since
// they come every second. Unknown keys pass, so that a field which is new to a message cannot get lost here.
import { z } from "zod";
import type { CheckPart } from "../../checks/check.js";
import type { ExtensionState } from "../../model/log/extension.js";
import type { FailedRequests } from "../../model/log/failed-request.js";
import type { Probe } from "../../model/log/observation.js";
import { startCounts } from "../../model/log/starts.js";
import type { StoreName } from "../../model/log/store.js";
import type { TurnLine } from "../../model/log/turn-line.js";
import type { OpenTurn } from "../../model/report/live.js";
import type { AnomalyCounts, Ledger } from "../../model/turn/ledger.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import { usageCounts } from "../../model/turn/usage.js";
import type { DirectoryEntry } from "../../session/services.js";
import { LOG_LEVELS } from "../../support/log-lines.js";
import type { FromWorker, ProbeState, ToWorker, WorkerPlan } from "./messages.js";
import { WINDOW_ENDS } from "./turn-window.js";

/** An object whose inside is taken as the type says. */
const plain = <Shape extends object>() =>
  z.custom<Shape>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/** A key that is always there, and may be `undefined`. */
const maybe = <Value>(schema: z.ZodType<Value>) =>
  z.custom<Value | undefined>((value) => value === undefined || schema.safeParse(value).success);

const count = z.int().nonnegative();
/** Also `NaN` and the infinities, which structured clone carries and `z.number` refuses. */
const number = z.custom<number>((value) => typeof value === "number");
const us = z.int();
const userIds = z.array(z.tuple([z.string(), count]));
const directory = z.array(z.custom<DirectoryEntry>((entry) => Array.isArray(entry) && entry.length === 3));

const starts = startCounts.loose();

const batch = z.looseObject({
  samples: z.instanceof(Uint32Array),
  censored: count,
  cohorts: z.exactOptional(z.instanceof(Uint32Array)),
});
const batches = z.record(z.string(), z.record(z.string(), batch));

const generator = z.looseObject({
  worker: count,
  cpu: number,
  loopDelayP99Us: number,
  sendLagP99Us: number,
  gcUs: number,
  rssBytes: number,
});

const state = z.looseObject({
  ledgers: z.record(z.string(), plain<Ledger>()),
  starts: z.record(z.string(), starts),
  anomalies: plain<AnomalyCounts>(),
  checks: z.record(z.string(), plain<CheckPart>()),
  unrecognised: z.array(z.tuple([z.string(), count])),
  failures: z.array(plain<FailedRequests>()),
  usage: z.exactOptional(usageCounts.loose()),
  extensions: z.exactOptional(z.looseObject({ lagUs: count, each: z.array(plain<ExtensionState>()) })),
  stores: z.exactOptional(plain<Partial<Record<StoreName, ProbeState>>>()),
  clock: z.looseObject({
    windows: z.array(z.tuple([number, number, number])),
    stamped: count,
    driftUs: number,
    future: count,
    aheadUs: us,
    wholeSeconds: count,
  }),
});

const snapshot = z.looseObject({
  type: z.literal("snapshot"),
  worker: count,
  second: count,
  usersLive: count,
  usersStarted: count,
  turnsStarted: count,
  turnsEnded: count,
  turnsInFlight: count,
  starts: z.exactOptional(starts),
  batches,
  labels: z.array(z.tuple([count, z.array(z.string())])),
  deltas: z.record(z.string(), z.array(z.tuple([number, count]))),
  errors: z.record(z.string(), count),
  goodput: z.array(z.tuple([z.int(), count, count, z.array(z.tuple([count, count]))])),
  kept: z.array(plain<KeptTurn>()),
  open: z.exactOptional(z.array(plain<OpenTurn>())),
  turns: z.exactOptional(z.array(z.tuple([count, count, z.string(), us, us, z.enum(WINDOW_ENDS)]))),
  probes: z.array(plain<Probe>()),
  directory,
  generator,
  state,
});

const failure = z.looseObject({
  at: z.enum(["login", "connect"]),
  kind: z.string(),
  status: z.int(),
  code: maybe(z.string()),
  message: z.string(),
  request: z.string().optional(),
  closeCode: z.int().exactOptional(),
  count,
});

const logLine = z.looseObject({
  level: z.enum(LOG_LEVELS),
  event: z.string(),
  timeMs: count,
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const fromWorkerSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("preparing"), worker: count, ready: count, failed: count }),
  z.looseObject({
    type: z.literal("prepared"),
    worker: count,
    userIds,
    ready: count,
    failures: z.array(failure),
    notes: z.exactOptional(z.array(z.string())),
    stored: z.exactOptional(z.looseObject({ stored: count, why: maybe(z.string()) })),
    batches,
  }),
  snapshot,
  z.looseObject({
    type: z.literal("phase"),
    worker: count,
    phase: z.enum(["drain", "settle"]),
    left: count,
  }),
  z.looseObject({ type: z.literal("verifying"), worker: count, done: count, all: count }),
  z.looseObject({ type: z.literal("done"), worker: count, last: snapshot }),
  z.looseObject({
    type: z.literal("fault"),
    worker: count,
    fault: count,
    occurrence: count,
    edge: z.enum(["begin", "end"]),
    atUs: us,
    users: count,
    hits: count,
  }),
  z.looseObject({ type: z.literal("turns"), worker: count, lines: z.array(plain<TurnLine>()), lost: count }),
  z.looseObject({ type: z.literal("note"), worker: count, text: z.string() }),
  z.looseObject({ type: z.literal("log"), worker: count, lines: z.array(logLine) }),
  z.looseObject({ type: z.literal("bug"), worker: count, stack: z.string() }),
]);

export const toWorkerSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("prepare"), plan: plain<WorkerPlan>() }),
  z.looseObject({ type: z.literal("start"), startUs: us, rampUs: maybe(us), userIds }),
  z.looseObject({ type: z.literal("ramp"), rampUs: us }),
  z.looseObject({ type: z.literal("directory"), entries: directory }),
  z.looseObject({ type: z.literal("stop") }),
]);

/** Throws for what no worker says. */
export function fromWorker(message: unknown): FromWorker {
  return fromWorkerSchema.parse(message);
}

/** Throws for what no coordinator says. */
export function toWorker(message: unknown): ToWorker {
  return toWorkerSchema.parse(message);
}
