// The lines of run.jsonl, from which every report can be rendered again.
//
// Lines are checked by schemas when read: they may come from another version, another machine, or an editor. Whatever a
// verdict depends on is checked field by field, the rest only by shape. Unknown keys are dropped, and keys that older
// versions did not write may be missing. The many small states of a second are checked by hand: a log has thousands.

import { z } from "zod";
import { isObject } from "../../support/json.js";
import { LABELS } from "../labels.js";
import { canonicalMetric, isJudgedMetric, SERVER_UNITS, SERVICE_SUFFIX } from "../metric.js";
import type { Finding } from "../turn/finding.js";
import { ANOMALIES, type AnomalyCounts, DELIVERIES, type Ledger, OUTCOMES } from "../turn/ledger.js";
import type { KeptTurn } from "../turn/turn.js";
import { usageCounts } from "../turn/usage.js";
import { count, flag, number, text, texts } from "../values.js";
import { COMPARISONS, LIMIT_UNITS, type SlaRule } from "../verdict.js";
import { extensionStates } from "./extension.js";
import { failedRequests } from "./failed-request.js";
import type { Frozen } from "./frozen.js";
import { metricState } from "./metric-state.js";
import { modelRecord } from "./model-call.js";
import { PROBE_RESULTS } from "./observation.js";
import { PHASES } from "./phase.js";
import { startCounts } from "./starts.js";

export const RUN_LOG_VERSION = 1;

const counts = z.record(text, number);

/** An object in which these keys are numbers; the rest is not checked. */
function numbersIn<Shape extends object>(keys: readonly (keyof Shape & string)[]) {
  return z.custom<Shape>((value) => isObject(value) && keys.every((key) => typeof value[key] === "number"));
}

const rule = z
  .looseObject({
    metric: text,
    statistic: z.discriminatedUnion("kind", [
      z.looseObject({ kind: z.literal("percentile"), perHundredThousand: number }),
      z.looseObject({ kind: z.enum(["max", "min", "mean", "value"]) }),
    ]),
    comparison: z.enum(COMPARISONS),
    limit: number,
    unit: z.enum(LIMIT_UNITS),
    origin: z.enum(["default", "scenario"]),
    text,
    written: text.exactOptional(),
    where: z.partialRecord(z.enum([...LABELS, "phase"]), text).exactOptional(),
  })
  .transform((known, context): SlaRule => {
    const former = known.metric === "goodput" && known.unit === "ratio";
    const metric = former ? "goodput.share" : canonicalMetric(known.metric);
    if (isJudgedMetric(metric)) return { ...known, metric };
    context.addIssue({ code: "custom", path: ["metric"], message: `there is no metric "${metric}"` });
    return z.NEVER;
  });

export const machine = z.object({
  node: text,
  platform: text,
  cpus: count,
  cpuModel: text,
  memoryBytes: z.number().nonnegative(),
});
export type MachineInfo = Frozen<z.infer<typeof machine>>;

export const invocation = z.object({
  /** The command line, rebuilt from its options. */
  command: text,
  /** Its changes to the scenario file: `load.users = 20`. */
  overrides: texts,
  /** Version of the system under test, from `--build`. */
  build: text.exactOptional(),
});
/** The command that started the run. Holds no secret. */
export type Invocation = Frozen<z.infer<typeof invocation>>;

/** Some users of a run, with their own journey. `users`: their number at peak load. */
export const group = z.object({ name: text, users: count, note: text.exactOptional() });
export type GroupOfRun = Frozen<z.infer<typeof group>>;

const tells = z.object({
  /** Metrics that it cannot provide → why, for people. */
  never: z.record(text, text),
  /** Metrics that every completed turn should provide: if none does, something is wrong. */
  always: texts,
});
/** Which metrics a target provides, according to its profile. */
export type ToldMetrics = Frozen<z.infer<typeof tells>>;

export const notChecked = z.object({
  name: text,
  why: text,
  /** A default that the profile has no data for: never expected, not even with `--strict`. */
  byProfile: z.literal(true).exactOptional(),
});
export type NotChecked = Frozen<z.infer<typeof notChecked>>;

/** First line. Holds no secret: the scenario is redacted. */
const header = z.object({
  type: z.literal("header"),
  version: z.literal(RUN_LOG_VERSION),
  runId: text,
  tool: z.object({ name: z.literal("gp-load"), version: text }),
  /** ISO 8601, wall clock. */
  startedAt: text,
  scenario: z.object({ name: text, description: text, tags: texts }),
  target: z.object({
    name: text,
    profile: text,
    url: text,
    embedded: flag,
    clock: z.enum(["same", "unknown"]),
  }),
  seed: number,
  /** Absent in old logs, and without a command line. */
  invocation: invocation.exactOptional(),
  workers: number,
  /** Fleet agent of each worker, by number; absent without a fleet. */
  servedBy: texts.exactOptional(),
  plannedUsers: number,
  /** The load in words; absent in old logs. */
  load: text.exactOptional(),
  /** Kinds of users; absent if all walk the same journey. */
  groups: z.array(group).exactOptional(),
  plannedTurns: number,
  /** Samples of each metric that the plan expects in the hold. */
  plannedSamples: counts,
  rules: z.array(rule),
  checks: texts,
  /** What cannot be checked here, known before the start. */
  notChecked: z.array(notChecked),
  /** Absent in old logs. */
  tells: tells.exactOptional(),
  /** Metrics read from the target each second, by name in the scenario file; absent for none. */
  server: z.record(text, z.enum(SERVER_UNITS)).exactOptional(),
  turnTimeoutUs: number,
  /** How long after a ramp its planned connects may still take; absent in old logs. */
  connectUs: number.exactOptional(),
  /** `--strict`: what could not be checked makes the run INVALID. */
  strict: flag,
  machine,
  /** The whole scenario, without secrets, for `report` and for people. */
  scenarioData: z.unknown(),
});
export type RunHeader = Frozen<z.infer<typeof header>>;

const states = z.record(text, metricState);
const deltas = z.custom<readonly (readonly [number, number])[]>(
  (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2),
);

const FORMER = "answer.first";

/** Old logs have old names of metrics. */
const measured = z.record(
  text,
  states.transform((known) => {
    if (!(FORMER in known || `${FORMER}${SERVICE_SUFFIX}` in known)) return known;
    const renamed = Object.entries(known).map(
      ([metric, one]) => [metric.replace(FORMER, canonicalMetric(FORMER)), one] as const,
    );
    return Object.fromEntries(renamed);
  }),
);

/** One worker's health in one second. Times in microseconds; `cpu` is cores used. */
const generatorSecond = z.object({
  worker: number,
  cpu: number,
  loopDelayP99Us: number,
  sendLagP99Us: number,
  gcUs: number,
  rssBytes: number,
  /** Time in which it did nothing at all, as part of a standstill of a second or more; absent for none. */
  stoodStillUs: number.exactOptional(),
  /** Time that its thread was ready to run without getting a core; absent if the system does not report it. */
  cpuWaitUs: number.exactOptional(),
  /** Bytes unsent in its sockets at the end of the second; absent in old logs. */
  bufferedBytes: number.exactOptional(),
  /** Heap in use without the young generation, external memory and garbage included; absent in old logs. */
  heapBytes: number.exactOptional(),
  /** Heap in use as a share of its limit; absent in old logs. */
  heapShare: number.exactOptional(),
});
export type GeneratorSecond = Frozen<z.infer<typeof generatorSecond>>;

/** One second of the run, all workers merged, numbered from the start barrier. */
const second = z.object({
  type: z.literal("second"),
  second: number,
  phase: text,
  usersLive: number,
  usersStarted: number,
  /** Turns started, settled and censored in this second. */
  turnsStarted: number,
  turnsEnded: number,
  turnsInFlight: number,
  /** Starts of an open load that came due in this second; absent under a closed one. */
  starts: startCounts.exactOptional(),
  /** Phase key → metric, or its service time → samples of this second. */
  metrics: measured,
  /** Deliveries measured against an uncertain clock: phase → [received − emitted in microseconds, count]. */
  deltas: z.record(text, deltas),
  /** Reason → turns that ended for it in this second. */
  errors: counts,
  generator: z.array(generatorSecond),
  /** How long the embedded backend waited for a core; absent for other targets, and if the second before includes it. */
  backendWaitUs: number.exactOptional(),
});
export type SecondRecord = Frozen<z.infer<typeof second>>;

const phase = z.object({
  type: z.literal("phase"),
  span: z.object({
    key: text,
    phase: z.enum(PHASES),
    label: text.exactOptional(),
    startUs: number,
    endUs: number,
  }),
});

/** Number of turns over a limit by 2^power to 2^(power+1) microseconds. */
export type Excess = readonly [power: number, turns: number];

/** Turns by the second of their intended start; written once they are settled. */
const goodput = z.object({
  type: z.literal("goodput"),
  second: number,
  turns: number,
  good: number,
  /** Turns that only missed a limit, by how much they were over it; absent for none. */
  over: z.array(z.tuple([number, number])).exactOptional(),
});

/** Samples of one cohort in the hold: users with the same number modulo `of`. */
const cohort = z.object({ type: z.literal("cohort"), cohort: number, of: number, metrics: states });
export type CohortRecord = Frozen<z.infer<typeof cohort>>;

/** Samples of the hold's turns with one value of a label; `(other)` for values beyond the limit. */
const breakdown = z.object({
  type: z.literal("breakdown"),
  label: z.enum(LABELS),
  value: text,
  metrics: states,
});
export type BreakdownRecord = Frozen<z.infer<typeof breakdown>>;

const kept = z.custom<KeptTurn>(
  (value) =>
    isObject(value) &&
    typeof value.user === "number" &&
    typeof value.turn === "number" &&
    typeof value.intendedMs === "number" &&
    OUTCOMES.some((outcome) => outcome === value.outcome) &&
    Array.isArray(value.events),
);

const finding = z.custom<Finding>(
  (value) =>
    isObject(value) &&
    typeof value.check === "string" &&
    typeof value.code === "string" &&
    typeof value.message === "string" &&
    typeof value.count === "number" &&
    ["fail", "warn", "info"].some((severity) => severity === value.severity) &&
    Array.isArray(value.evidence),
);

const turn = z.object({ type: z.literal("turn"), turn: kept });

const found = z.object({ type: z.literal("finding"), finding });

/** One attempt at forbidden access; organisations if known. */
const probe = z.object({
  type: z.literal("probe"),
  probe: z.object({
    kind: text,
    seeker: text,
    attempt: text,
    user: number,
    owner: number.exactOptional(),
    thread: text.exactOptional(),
    expected: text,
    answer: text,
    result: z.enum(PROBE_RESULTS),
    /** Milliseconds since the start barrier. */
    atMs: number,
  }),
});
export type ProbeRecord = Frozen<z.infer<typeof probe>>;

/** Something worth knowing during the run: a worker lost, the target gone, an interrupt. */
const note = z.object({ type: z.literal("note"), atMs: number, text });
export type NoteRecord = Frozen<z.infer<typeof note>>;

/** What one page of the target reported in one second. */
const target = z.object({
  type: z.literal("target"),
  second: number,
  /** Resident memory of its process, if this page reports it. */
  memoryBytes: number.exactOptional(),
  /** Name in the scenario file → value; for counters, growth per second. */
  values: counts.exactOptional(),
  /** Name → why it has no value. */
  missing: z.record(text, text).exactOptional(),
});
export type TargetRecord = Frozen<z.infer<typeof target>>;

/** The actual start or end of a fault. */
const fault = z.object({
  type: z.literal("fault"),
  /** Position in the scenario's list, and how many-th time, both from 0. */
  fault: number,
  occurrence: number,
  action: text,
  /** A few words for people. */
  label: text,
  edge: z.enum(["begin", "end"]),
  /** Milliseconds since the start barrier, with three decimals. */
  atMs: number,
  /** Users it was meant for; absent if it is not about users. */
  users: number.exactOptional(),
  /** At the end: how often it struck (cuts made, messages sent twice …). */
  hits: number.exactOptional(),
});
export type FaultRecord = Frozen<z.infer<typeof fault>>;

const ledger = numbersIn<Ledger>(["attempted", ...OUTCOMES, "expected", "unexpected"]).refine(
  ({ reasons, delivery }) =>
    isObject(reasons) && isObject(delivery) && DELIVERIES.every((way) => typeof delivery[way] === "number"),
);

export const checkResult = z.object({
  check: text,
  status: z.enum(["clean", "found", "not-checked", "no-data"]),
  /** How many things (turns, rows, frames) it judged. */
  judged: count,
  note: text.exactOptional(),
});
export type CheckResult = Frozen<z.infer<typeof checkResult>>;
export type CheckStatus = CheckResult["status"];

/** Check → name of the counter → count. */
const checkCounters = z.record(text, counts);
export type CheckCounters = Frozen<z.infer<typeof checkCounters>>;

const clock = z
  .object({
    mode: z.enum(["same", "unknown"]),
    stamped: number,
    lowUs: number.optional(),
    highUs: number.optional(),
    /** Events stamped later than received, although both share a clock. */
    future: number,
    /** The most that any of them was ahead, microseconds; absent in old logs. */
    aheadUs: number.exactOptional(),
    /** Stamps that are whole seconds; absent in old logs. */
    wholeSeconds: number.exactOptional(),
    /** How far a generator's wall clock moved relative to its monotonic clock during the run. */
    driftUs: number,
  })
  .transform((known) => ({ ...known, lowUs: known.lowUs, highUs: known.highUs }));
/** Offset of the target's clock: server minus client, microseconds; bounds are `undefined` without stamps. */
export type ClockState = Frozen<z.infer<typeof clock>>;

export const invalidReason = z.object({
  code: text,
  message: text,
  /** What to do next. */
  advice: text.exactOptional(),
});
export type InvalidReason = Frozen<z.infer<typeof invalidReason>>;

/** Last line; absent if the run crashed. */
const footer = z.object({
  type: z.literal("footer"),
  durationMs: number,
  interrupted: flag,
  /** The broken rule that ended the run early, and when; absent if none did. */
  aborted: text.exactOptional(),
  crashed: flag,
  /** Ledger of all turns, and of those intended in the hold (whole, and by step). */
  ledger,
  ledgerByPhase: z.record(text, ledger),
  anomalies: numbersIn<AnomalyCounts>(ANOMALIES),
  checks: z.array(checkResult),
  /** Check → what it counted, over all workers. */
  checkCounters,
  clock,
  workersLost: z.array(z.object({ worker: number, cause: text })),
  /** Why nothing can be known: no user ready, refused, a clock that jumped … */
  invalid: z.array(invalidReason),
  /** Starts of an open load by the phase in which they came due; empty under a closed one, absent in old logs. */
  starts: z.record(text, startCounts).exactOptional(),
  usersReady: number,
  /** What turned out during preparation not to be checkable. */
  notChecked: z.array(notChecked).exactOptional(),
  /** Shapes of unrecognised frames, most frequent first, bounded. */
  unrecognised: z.array(z.object({ shape: text, count: number })),
  /** Absent if the target never reports usage. */
  usage: usageCounts.exactOptional(),
  /** Absent without own code. */
  extensions: extensionStates.exactOptional(),
  /** Requests and connections that failed, by cause, the first cause first; absent in old logs. */
  failedRequests: z.array(failedRequests).exactOptional(),
});
export type RunFooter = Frozen<z.infer<typeof footer>>;

/** One line of run.jsonl, with current names of metrics. */
export const logRecord = z.discriminatedUnion("type", [
  header,
  phase,
  second,
  goodput,
  cohort,
  breakdown,
  modelRecord,
  turn,
  found,
  probe,
  note,
  fault,
  target,
  footer,
]);
export type RunLogRecord = Frozen<z.infer<typeof logRecord>>;
