// Checks a line of run.jsonl before it is folded: a log may come from another version, another machine, or an editor.
//
// What a verdict hangs on is checked field by field, what only people read by its shape. Unknown keys pass, and so do
// keys that former versions did not write. Of a second the many small states are checked by hand: a log has thousands.
import { z } from "zod";
import { LABELS } from "../../model/labels.js";
import { FAILED_STEPS } from "../../model/log/failed-request.js";
import { PROBE_RESULTS } from "../../model/log/observation.js";
import { PHASES } from "../../model/log/phase.js";
import { type MetricState, RUN_LOG_VERSION, type RunLogRecord } from "../../model/log/run-log.js";
import { canonicalMetric, isMetric, SERVICE_SUFFIX } from "../../model/metric.js";
import type { Finding } from "../../model/turn/finding.js";
import { ANOMALIES, type AnomalyCounts, DELIVERIES, type Ledger, OUTCOMES } from "../../model/turn/ledger.js";
import type { KeptTurn } from "../../model/turn/turn.js";
import type { SlaRule } from "../../model/verdict.js";

const text = z.string();
const number = z.number();
const flag = z.boolean();
const texts = z.array(text);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object in which these keys are numbers; the rest of it is taken as the type says. */
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
    comparison: z.enum(["<", "<=", ">", ">=", "=="]),
    limit: number,
    unit: z.enum(["us", "tally", "money", "ratio", "count", "times"]),
    origin: z.enum(["default", "scenario"]),
    text,
    written: text.exactOptional(),
    where: z.partialRecord(z.enum([...LABELS, "phase"]), text).exactOptional(),
  })
  .transform((known, context): SlaRule => {
    const former = known.metric === "goodput" && known.unit === "ratio";
    const metric = former ? "goodput.share" : canonicalMetric(known.metric);
    if (isMetric(metric)) return { ...known, metric };
    context.addIssue({ code: "custom", path: ["metric"], message: `there is no metric "${metric}"` });
    return z.NEVER;
  });

const machine = z.looseObject({
  node: text,
  platform: text,
  cpus: number,
  cpuModel: text,
  memoryBytes: number,
});
const notChecked = z.array(
  z.looseObject({ name: text, why: text, byProfile: z.literal(true).exactOptional() }),
);
const starts = z.looseObject({
  planned: number,
  made: number,
  droppedByTarget: number,
  droppedByGenerator: number,
});

const header = z.looseObject({
  type: z.literal("header"),
  version: z.literal(RUN_LOG_VERSION),
  runId: text,
  tool: z.looseObject({ name: z.literal("gp-load"), version: text }),
  startedAt: text,
  scenario: z.looseObject({ name: text, description: text, tags: texts }),
  target: z.looseObject({
    name: text,
    profile: text,
    url: text,
    embedded: flag,
    clock: z.enum(["same", "unknown"]),
  }),
  seed: number,
  workers: number,
  servedBy: texts.exactOptional(),
  plannedUsers: number,
  load: text.exactOptional(),
  groups: z.array(z.looseObject({ name: text, users: number, note: text.exactOptional() })).exactOptional(),
  plannedTurns: number,
  plannedSamples: z.record(text, number),
  rules: z.array(rule),
  checks: texts,
  notChecked,
  tells: z.looseObject({ never: z.record(text, text), always: texts }).exactOptional(),
  turnTimeoutUs: number,
  connectUs: number.exactOptional(),
  strict: flag,
  machine,
  scenarioData: z.unknown(),
});

const phase = z.looseObject({
  type: z.literal("phase"),
  span: z.looseObject({
    key: text,
    phase: z.enum(PHASES),
    label: text.exactOptional(),
    startUs: number,
    endUs: number,
  }),
});

const state = z.custom<MetricState>(
  (value) =>
    isObject(value) &&
    typeof value.hdr === "string" &&
    Array.isArray(value.violations) &&
    typeof value.count === "number" &&
    typeof value.censored === "number" &&
    typeof value.min === "number" &&
    typeof value.max === "number" &&
    typeof value.sum === "number",
);
const states = z.record(text, state);
const counts = z.record(text, number);
const deltas = z.custom<readonly (readonly [number, number])[]>(
  (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2),
);

const FORMER = "answer.first";

/** Logs of former versions have former names of metrics. */
const measured = z.record(
  text,
  states.transform((known) => {
    if (!(FORMER in known || `${FORMER}${SERVICE_SUFFIX}` in known)) return known;
    const renamed = Object.entries(known).map(([metric, one]) => [
      metric.replace(FORMER, canonicalMetric(FORMER)),
      one,
    ]);
    return Object.fromEntries(renamed);
  }),
);

const second = z.looseObject({
  type: z.literal("second"),
  second: number,
  phase: text,
  usersLive: number,
  usersStarted: number,
  turnsStarted: number,
  turnsEnded: number,
  turnsInFlight: number,
  starts: starts.exactOptional(),
  metrics: measured,
  deltas: z.record(text, deltas),
  errors: counts,
  generator: z.array(
    z.looseObject({
      worker: number,
      cpu: number,
      loopDelayP99Us: number,
      sendLagP99Us: number,
      gcUs: number,
      rssBytes: number,
      stoodStillUs: number.exactOptional(),
      cpuWaitUs: number.exactOptional(),
      bufferedBytes: number.exactOptional(),
      heapBytes: number.exactOptional(),
      heapShare: number.exactOptional(),
    }),
  ),
});

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

const probe = z.looseObject({
  kind: text,
  seeker: text,
  attempt: text,
  user: number,
  owner: number.exactOptional(),
  thread: text.exactOptional(),
  expected: text,
  answer: text,
  result: z.enum(PROBE_RESULTS),
  atMs: number,
});

const fault = z.looseObject({
  type: z.literal("fault"),
  fault: number,
  occurrence: number,
  action: text,
  label: text,
  edge: z.enum(["begin", "end"]),
  atMs: number,
  users: number.exactOptional(),
  hits: number.exactOptional(),
});

const ledger = numbersIn<Ledger>(["attempted", ...OUTCOMES, "expected", "unexpected"]).refine(
  ({ reasons, delivery }) =>
    isObject(reasons) && isObject(delivery) && DELIVERIES.every((way) => typeof delivery[way] === "number"),
);

const footer = z.looseObject({
  type: z.literal("footer"),
  durationMs: number,
  interrupted: flag,
  aborted: text.exactOptional(),
  crashed: flag,
  ledger,
  ledgerByPhase: z.record(text, ledger),
  anomalies: numbersIn<AnomalyCounts>(ANOMALIES),
  checks: z.array(
    z.looseObject({
      check: text,
      status: z.enum(["clean", "found", "not-checked", "no-data"]),
      judged: number,
      note: text.exactOptional(),
    }),
  ),
  checkCounters: z.record(text, counts),
  clock: z
    .looseObject({
      mode: z.enum(["same", "unknown"]),
      stamped: number,
      lowUs: number.optional(),
      highUs: number.optional(),
      future: number,
      aheadUs: number.exactOptional(),
      wholeSeconds: number.exactOptional(),
      driftUs: number,
    })
    .transform((clock) => ({ ...clock, lowUs: clock.lowUs, highUs: clock.highUs })),
  workersLost: z.array(z.looseObject({ worker: number, cause: text })),
  invalid: z.array(z.looseObject({ code: text, message: text, advice: text.exactOptional() })),
  starts: z.record(text, starts).exactOptional(),
  usersReady: number,
  notChecked: notChecked.exactOptional(),
  unrecognised: z.array(z.looseObject({ shape: text, count: number })),
  usage: z
    .looseObject({ turns: number, reported: number, invalid: number, unpriced: number })
    .exactOptional(),
  failedRequests: z
    .array(
      z.looseObject({
        step: z.enum(FAILED_STEPS),
        request: text.exactOptional(),
        status: number,
        closeCode: number,
        errorCode: text.exactOptional(),
        message: text,
        count: number,
        users: number,
        firstMs: number,
      }),
    )
    .exactOptional(),
});

/** One line of run.jsonl, with the present names of its metrics. */
export const logRecord: z.ZodType<RunLogRecord> = z.discriminatedUnion("type", [
  header,
  phase,
  second,
  z.looseObject({
    type: z.literal("goodput"),
    second: number,
    turns: number,
    good: number,
    over: z.array(z.tuple([number, number])).exactOptional(),
  }),
  z.looseObject({
    ...{ type: z.literal("model"), calls: number, nobody: number, late: number },
    heads: z.array(z.looseObject({ kind: z.string(), calls: number, blocks: z.array(number) })),
  }),
  z.looseObject({ type: z.literal("cohort"), cohort: number, of: number, metrics: states }),
  z.looseObject({ type: z.literal("breakdown"), label: z.enum(LABELS), value: text, metrics: states }),
  z.looseObject({ type: z.literal("turn"), turn: kept }),
  z.looseObject({ type: z.literal("finding"), finding }),
  z.looseObject({ type: z.literal("probe"), probe }),
  z.looseObject({ type: z.literal("note"), atMs: number, text }),
  fault,
  z.looseObject({ type: z.literal("target"), second: number, memoryBytes: number }),
  footer,
]);
