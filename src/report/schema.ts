// The schema of report.json: from it come the JSON Schema for scripts and the order of the keys.

import { z } from "zod";
import { LABELS } from "../model/labels.js";
import { EXTENSION_KINDS } from "../model/log/extension.js";
import { FAILED_STEPS } from "../model/log/failed-request.js";
import { PROBE_RESULTS } from "../model/log/observation.js";
import { isJudgedMetric, type JudgedMetric, SERVER_UNITS } from "../model/metric.js";
import { REPORT_SCHEMA_VERSION, type RunReport } from "../model/report/report.js";
import { ANOMALIES, OUTCOMES } from "../model/turn/ledger.js";
import { EXIT } from "../support/errors.js";

const count = z.int().nonnegative();
const ms = z.number();
const msOrNull = z.number().nullable();
const text = z.string();
const metricName = z.custom<JudgedMetric>((name) => typeof name === "string" && isJudgedMetric(name));

const machine = z.strictObject({
  node: text,
  platform: text,
  cpus: count,
  cpuModel: text,
  memoryBytes: z.number().nonnegative(),
});

const sla = z.strictObject({
  metric: metricName,
  rule: text,
  verdict: z.enum(["pass", "fail", "no-data", "not-checked"]),
  observed: z.number().nullable(),
  comparison: z.enum(["<", "<=", ">", ">=", "=="]),
  limit: z.number(),
  observedText: text,
  limitText: text,
  n: count,
  violations: count,
  censored: count,
  origin: z.enum(["default", "scenario"]),
  step: text.exactOptional(),
  judgedAs: text.exactOptional(),
  note: text.exactOptional(),
  advice: text.exactOptional(),
  byGenerator: z.literal(true).exactOptional(),
});

const reasons = [
  "error_event",
  "no_answer",
  "not_connected",
  "no_login",
  "no_thread",
  "refused",
  "busy",
  "late_terminal",
  "stored_answer",
  "no_events",
  "ack_only",
  "no_terminal",
  "closed",
  "in_flight",
] as const;

function counts<const K extends string>(names: readonly K[]): Record<K, typeof count> {
  return Object.fromEntries(names.map((name) => [name, count])) as Record<K, typeof count>;
}

const ledger = z.strictObject({
  attempted: count,
  ...counts(OUTCOMES),
  expected: count,
  unexpected: count,
  reasons: z.strictObject(
    Object.fromEntries(reasons.map((reason) => [reason, count.exactOptional()])) as Record<
      (typeof reasons)[number],
      z.ZodExactOptional<typeof count>
    >,
  ),
  delivery: z.strictObject({ live: count, replayed: count, history: count }),
});

const starts = z.strictObject({
  planned: count,
  made: count,
  droppedByTarget: count,
  droppedByGenerator: count,
});

const worker = z.strictObject({
  worker: count,
  servedBy: text.exactOptional(),
  cpuMean: z.number(),
  cpuMax: z.number(),
  cpuWaitShare: z.number(),
  gcShare: z.number(),
  loopDelayWorst: ms,
  sendLagWorst: ms,
  rssMaxMb: z.number(),
  bufferedMaxBytes: count,
});

const summary = {
  count,
  censored: count,
  min: msOrNull,
  mean: msOrNull,
  std: msOrNull.exactOptional(),
  p50: msOrNull,
  p90: msOrNull,
  p95: msOrNull,
  p99: msOrNull,
  p999: msOrNull,
  max: msOrNull,
};
const metric = z.strictObject({
  unit: z.literal("ms"),
  ...summary,
  service: z.strictObject(summary).exactOptional(),
});

const finding = z.strictObject({
  check: text,
  code: text,
  severity: z.enum(["fail", "warn", "info"]),
  count,
  message: text,
  evidence: z.array(
    z.strictObject({
      user: count.exactOptional(),
      turn: count.exactOptional(),
      thread: text.exactOptional(),
      runId: text.exactOptional(),
      traceId: text.exactOptional(),
      atMs: ms.exactOptional(),
      expected: text.exactOptional(),
      seen: text.exactOptional(),
    }),
  ),
});

const turn = z.strictObject({
  why: z.enum(["failed", "slow"]),
  user: count,
  turn: count,
  thread: text,
  runId: text.exactOptional(),
  traceId: text.exactOptional(),
  phase: text,
  atMs: ms,
  responseMs: msOrNull,
  outcome: z.enum(OUTCOMES),
  reason: z.enum(reasons).exactOptional(),
  error: text.exactOptional(),
});

const access = z.strictObject({
  probes: count,
  refused: count,
  breaches: count,
  unclear: count,
  groups: z.array(
    z.strictObject({
      kind: text,
      seeker: text,
      attempt: text,
      expected: text,
      answer: text,
      result: z.enum(PROBE_RESULTS),
      count,
      probes: z.array(
        z.strictObject({ user: count, owner: count.exactOptional(), thread: text.exactOptional(), atMs: ms }),
      ),
    }),
  ),
});

const timelinePoint = z.strictObject({
  second: z.int(),
  phase: text,
  usersLive: count,
  usersStarted: count,
  turnsStarted: count,
  turnsEnded: count,
  turnsInFlight: count,
  starts: starts.nullable(),
  intended: count.nullable(),
  good: count.nullable(),
  errors: z.record(text, count),
  server: z.record(text, z.number()).exactOptional(),
  metrics: z.record(
    text,
    z.strictObject({ n: count, p50: msOrNull, p95: msOrNull, p99: msOrNull, max: msOrNull }),
  ),
  generator: z.strictObject({
    cpu: z.number(),
    loopDelayP99: ms,
    sendLagP99: ms,
    rssMb: z.number(),
    gcMs: ms,
    cpuWaitMs: ms,
    bufferedBytes: count,
  }),
});

/** Every field of report.json; `docs/report.md` explains them. */
export const REPORT_SCHEMA = z.strictObject({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal("gp-load"), version: text }),
  runId: text,
  scenario: z.strictObject({ name: text, description: text, tags: z.array(text) }),
  target: z.strictObject({ name: text, profile: text, url: text, embedded: z.boolean() }),
  seed: z.number(),
  invocation: z
    .strictObject({ command: text, overrides: z.array(text), build: text.exactOptional() })
    .exactOptional(),
  plannedUsers: count,
  load: text.exactOptional(),
  groups: z.array(z.strictObject({ name: text, users: count, note: text.exactOptional() })).exactOptional(),
  startedAt: text,
  durationMs: ms,
  verdict: z.enum(["PASS", "FAIL", "INVALID"]),
  exitCode: z.literal(Object.values(EXIT)),
  summary: text,
  invalidReasons: z.array(z.strictObject({ code: text, message: text, advice: text.exactOptional() })),
  notChecked: z.array(z.strictObject({ name: text, why: text, byProfile: z.literal(true).exactOptional() })),
  sla: z.array(sla),
  ledger,
  starts: starts.nullable(),
  anomalies: z.strictObject(counts(ANOMALIES)),
  metrics: z.record(text, metric),
  counts: z.record(text, z.strictObject(summary)).exactOptional(),
  breakdown: z
    .array(
      z.strictObject({
        label: z.enum(LABELS),
        value: text,
        metrics: z.record(text, z.strictObject(summary)),
      }),
    )
    .exactOptional(),
  usage: z.strictObject(counts(["turns", "reported", "invalid", "unpriced"])).exactOptional(),
  rates: z
    .strictObject({
      seconds: count,
      turns: z.number().nullable(),
      completed: z.number().nullable(),
      goodput: z.number().nullable(),
      outputTokens: z.number().nullable(),
    })
    .exactOptional(),
  server: z
    .record(
      text,
      z.strictObject({
        unit: z.enum(SERVER_UNITS),
        seconds: count,
        missing: count,
        min: z.number().nullable(),
        mean: z.number().nullable(),
        p50: z.number().nullable(),
        p95: z.number().nullable(),
        p99: z.number().nullable(),
        max: z.number().nullable(),
        why: text.exactOptional(),
      }),
    )
    .exactOptional(),
  phaseMetrics: z.record(text, z.record(text, metric)),
  phases: z.array(
    z.strictObject({ key: text, phase: text, label: text.exactOptional(), startMs: ms, endMs: ms }),
  ),
  faults: z.array(
    z.strictObject({
      fault: count,
      occurrence: count,
      action: text,
      label: text,
      beginMs: ms,
      endMs: msOrNull,
      users: count.exactOptional(),
      hits: count.exactOptional(),
      recovered: z.enum(["yes", "never", "unknown"]),
      recoveryMs: msOrNull,
      goodputLost: count,
    }),
  ),
  trends: z.array(
    z.strictObject({
      name: text,
      hold: text,
      unit: z.enum(["ms", "ratio", "MB", "number"]),
      first: z.number(),
      second: z.number(),
      perHour: z.number().nullable(),
      perHourLow: z.number().nullable(),
      perHourHigh: z.number().nullable(),
      grows: z.boolean(),
    }),
  ),
  checks: z.array(
    z.strictObject({
      check: text,
      status: z.enum(["clean", "found", "not-checked", "no-data"]),
      judged: count,
      note: text.exactOptional(),
    }),
  ),
  findings: z.array(finding),
  turns: z.array(turn),
  access: access.exactOptional(),
  extensions: z
    .array(
      z.strictObject({
        name: text,
        kind: z.enum(EXTENSION_KINDS),
        place: text,
        ...counts(["calls", "failed", "timedOut", "unsettled", "late", "blocks"]),
        withinBounds: z.boolean(),
        trouble: text.exactOptional(),
        totalMs: ms,
        lagShare: z.number().nullable(),
        time: z.strictObject(summary),
      }),
    )
    .exactOptional(),
  failedRequests: z.array(
    z.strictObject({
      step: z.enum(FAILED_STEPS),
      request: text.exactOptional(),
      status: z.int(),
      closeCode: z.int(),
      errorCode: text.exactOptional(),
      message: text,
      count,
      users: count,
      firstMs: ms,
    }),
  ),
  unrecognised: z.array(z.strictObject({ shape: text, count })),
  generator: z.strictObject({
    healthy: z.boolean(),
    workers: count,
    sendLagP99: msOrNull,
    loopDelayP99: msOrNull,
    gcMs: ms,
    cpuMean: z.number().nullable(),
    cpuMax: z.number().nullable(),
    rssMaxMb: z.number().nullable(),
    droppedStarts: count,
    offeredShare: z.number().nullable(),
    standstills: z.array(z.strictObject({ worker: count, second: count, ms })),
    gcShareMax: z.number().nullable(),
    bufferedMaxBytes: count.nullable(),
    perWorker: z.array(worker),
    machine,
  }),
  clock: z.strictObject({
    mode: z.enum(["same", "unknown"]),
    stampedEvents: count,
    offsetLowMs: msOrNull,
    offsetHighMs: msOrNull,
    driftMs: ms,
  }),
  notes: z.array(z.strictObject({ atMs: ms, text })),
  timeline: z.array(timelinePoint),
});

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : [A, B];
type Flat<T> = T extends (infer I)[] ? Flat<I>[] : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;

/** Fails to compile when the schema and the model's type of the report drift apart. */
const schemaIsTheReport: Same<Flat<Mutable<z.infer<typeof REPORT_SCHEMA>>>, Flat<Mutable<RunReport>>> = true;
void schemaIsTheReport;

/** JSON Schema (draft 2020-12) of report.json, as data. */
export function reportJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(REPORT_SCHEMA, {
      unrepresentable: "any",
      // Another version may know more metrics: scripts are promised only a name.
      override({ zodSchema, jsonSchema }) {
        if (zodSchema === metricName) jsonSchema.type = "string";
      },
    }),
    title: "gp-load report.json",
    description: "The report of one gp-load run, version 1. Latencies are milliseconds with three decimals.",
  };
}
