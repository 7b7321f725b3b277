// All metrics that can be measured, judged or shown, with their units.

/** With a p99 of its own delay above this, the generator measured itself instead of the target; microseconds. */
export const MAX_OWN_DELAY_US = 20_000;

/**
 * Sampled: `us`, a duration; `tally`, a whole number; `money`, millionths of a currency. One number for a run or a second:
 * `ratio` and `count`.
 */
export type MetricUnit = SampledUnit | "ratio" | "count";
export type SampledUnit = "us" | "tally" | "money";

interface MetricInfo {
  readonly unit: MetricUnit;
  /** What is measured, from where to where, for tooltips and documentation. */
  readonly meaning: string;
  /** Has a service time (from the send) as well as a response time (from the intended time). */
  readonly service?: true;
}

export const METRICS = {
  login: { unit: "us", meaning: "login request → token held" },
  connect: { unit: "us", meaning: "upgrade request → session ready" },
  "message.processing": { unit: "us", meaning: "message intended → its first agent_started", service: true },
  "event.delivery": { unit: "us", meaning: "event emitted by the server → received here" },
  ttft: {
    unit: "us",
    meaning: "message intended → first visible text of the answer; its service time begins at the send",
    service: true,
  },
  ttfe: {
    unit: "us",
    meaning: "message intended → first event of its turn, of any kind; its service time begins at the send",
    service: true,
  },
  "chunk.gap": { unit: "us", meaning: "each gap between two pieces of an answer's text" },
  "event.gap": { unit: "us", meaning: "longest silence between consecutive events of one turn" },
  "agent.response": {
    unit: "us",
    meaning: "message intended → terminal event; its service time, from the send, is e2e latency elsewhere",
    service: true,
  },
  "tool.duration": { unit: "us", meaning: "tool_executing → its tool_completed" },
  "stop.time": { unit: "us", meaning: "stop asked for → last sign of the turn" },
  "approval.time": {
    unit: "us",
    meaning: "message intended, or the decision before → request for a decision seen",
  },
  "resume.time": { unit: "us", meaning: "decision sent → first sign of the turn after it" },
  tpot: {
    unit: "us",
    meaning: "first → last text of an answer ÷ (its output tokens − 1), where the backend reports tokens",
  },
  "tokens.input": { unit: "tally", meaning: "input tokens of a turn, as the backend reports them" },
  "tokens.output": { unit: "tally", meaning: "output tokens of a turn, as the backend reports them" },
  "tokens.cached": { unit: "tally", meaning: "input tokens of a turn that came from a cache, as reported" },
  "tokens.cached.share": {
    unit: "ratio",
    meaning:
      "share of the hold's input tokens that came from a cache; `tokens.cached` with a limit in percent",
  },
  "tokens.reasoning": { unit: "tally", meaning: "output tokens of a turn that are reasoning, as reported" },
  "tokens.rate": {
    unit: "count",
    meaning: "reported output tokens of the hold's turns, per second of the hold",
  },
  "cost.turn": { unit: "money", meaning: "reported tokens of a turn at the scenario's prices" },
  "model.calls": {
    unit: "tally",
    meaning: "calls of a model in a turn: of the run's own, or else as the backend reports them",
  },
  "tool.calls": { unit: "tally", meaning: "tools that began in a completed turn" },
  "model.time": {
    unit: "us",
    meaning: "time of a turn in which the run's model was being asked; overlaps once",
  },
  overhead: {
    unit: "us",
    meaning: "time of a turn, from the send, in which the run's model was not being asked",
  },
  "model.retries": { unit: "tally", meaning: "calls of a turn that repeat one that had failed" },
  "prompt.bytes": { unit: "tally", meaning: "bytes of a model call's prompt" },
  "prompt.stable": {
    unit: "tally",
    meaning: "bytes of a prompt that the last call of its conversation began with, too",
  },
  "prompt.grown": { unit: "tally", meaning: "bytes of such a prompt behind those" },
  "prefix.stable": {
    unit: "ratio",
    meaning: "share of the prompts' bytes that the last call of the same conversation began with, too",
  },
  "history.query": { unit: "us", meaning: "history page intended → body complete", service: true },
  "search.query": { unit: "us", meaning: "search intended → body complete", service: true },
  "http.request": { unit: "us", meaning: "request of a step intended → body complete", service: true },
  "wait.time": { unit: "us", meaning: "step wait-for intended → its condition was seen to hold" },
  "step.time": {
    unit: "us",
    meaning: "time of a step of one's own code, without what its code itself took",
  },
  "settle.query": { unit: "us", meaning: "settling read of the history → body complete" },
  "store.query": { unit: "us", meaning: "one read of a thread's messages from a store" },
  "store.query.postgres": { unit: "us", meaning: "one read of a thread's messages from PostgreSQL" },
  "store.query.redis": { unit: "us", meaning: "one read of a thread's messages from Redis" },
  "store.query.clickhouse": { unit: "us", meaning: "one read of a thread's messages from ClickHouse" },
  "store.lag.postgres": { unit: "us", meaning: "end of a turn → its rows seen in PostgreSQL" },
  "store.lag.redis": { unit: "us", meaning: "end of a turn → its rows seen in Redis" },
  "store.lag.clickhouse": { unit: "us", meaning: "end of a turn → its rows seen in ClickHouse" },
  "socket.rtt": { unit: "us", meaning: "ping → pong on the same sockets under the same load" },
  reconnect: { unit: "us", meaning: "socket lost → session ready again" },
  detection: { unit: "us", meaning: "fault begins → a user knows its channel to be lost" },
  recovery: { unit: "us", meaning: "fault ends → first 5 s in which 99 % of the turns meet their limits" },
  "generator.send-lag": { unit: "us", meaning: "intended → sent: the generator's own delay" },
  "generator.loop-delay": { unit: "us", meaning: "delay of the generator's event loop" },
  "generator.cpu": { unit: "count", meaning: "cores that the busiest worker used, mean of the hold" },
  "generator.gc": {
    unit: "ratio",
    meaning: "share of the hold that a worker spent collecting garbage, worst worker",
  },
  "generator.backpressure": {
    unit: "count",
    meaning: "most bytes that waited unsent in one worker's sockets at the end of a second",
  },
  "generator.dropped": {
    unit: "ratio",
    meaning: "planned starts of the hold that the generator came too late for",
  },
  "arrivals.dropped": {
    unit: "ratio",
    meaning: "planned starts of the hold that found every session busy with the target",
  },
  "users.live": { unit: "count", meaning: "users with a channel that was heard within 15 s, per second" },
  "turns.success": { unit: "ratio", meaning: "turns of the hold that completed, or ended as expected" },
  "turns.lost": { unit: "count", meaning: "turns with neither a terminal event nor a stored answer" },
  "turns.rate": { unit: "count", meaning: "turns settled per second of the hold" },
  goodput: { unit: "count", meaning: "turns per second of the hold that met every per-turn limit" },
  "goodput.share": { unit: "ratio", meaning: "turns of the hold that met every per-turn limit" },
  "goodput.lost": { unit: "count", meaning: "turns from faults to recoveries that missed a limit" },
  "goodput.kept": {
    unit: "ratio",
    meaning: "good turns a second from faults to recoveries ÷ those of calm seconds",
  },
  "events.missing": { unit: "count", meaning: "expected kinds of event that a completed turn did not have" },
  "events.duplicate": { unit: "count", meaning: "events received twice" },
  "events.out-of-order": { unit: "count", meaning: "events against the legal order" },
  "events.leaked": { unit: "count", meaning: "frames that held another user's data" },
  "quality.substantive": { unit: "ratio", meaning: "answers that say enough of their own" },
  "quality.relevant": { unit: "ratio", meaning: "answers that use what their prompt demands" },
  "quality.actionable": { unit: "ratio", meaning: "answers that say what to do" },
  "quality.complete": { unit: "ratio", meaning: "answers that end as finished texts" },
  "quality.recall": {
    unit: "ratio",
    meaning: "questions about facts of a dialogue that are answered with their latest values",
  },
  degradation: { unit: "ratio", meaning: "p95 of the hold ÷ p95 of the baseline step, worst metric" },
  "degradation.over-time": {
    unit: "ratio",
    meaning: "p95 of a hold's second half ÷ p95 of its first, worst metric",
  },
  "errors.over-time": {
    unit: "ratio",
    meaning: "errors for each turn that ended: by how much a hold's second half exceeds its first",
  },
  "target.memory.over-time": {
    unit: "ratio",
    meaning: "resident memory of the target in a hold's second half ÷ its first",
  },
  "generator.memory.over-time": {
    unit: "ratio",
    meaning: "heap of a worker in a hold's second half ÷ its first, worst worker",
  },
} as const satisfies Record<string, MetricInfo>;

/** Durations that show degradation if they grow with load or time. */
export const DEGRADING = [
  "message.processing",
  "event.delivery",
  "agent.response",
  "history.query",
  "search.query",
] as const;

export const OVER_TIME = "degradation.over-time";

/** Metrics that compare the halves of a hold. */
export type OverTimeMetric = Extract<keyof typeof METRICS, `${string}.over-time`>;

/** Metrics that compare one part of a run with another; by default, they may lack data. */
export function isComparison(metric: string): boolean {
  return metric === "degradation" || metric.endsWith(".over-time");
}

/** Metrics with a limit such as `3x`. */
export function isFactor(metric: string): boolean {
  return isComparison(metric) && metric !== "errors.over-time";
}

export type MetricName = keyof typeof METRICS;

/** A metric read from the target, named in the scenario file: `server.rss`. */
export type ServerMetric = `server.${string}`;
const SERVER = /^server\.[a-z][a-z0-9_.-]*$/;

export function isServerMetric(name: string): name is ServerMetric {
  return SERVER.test(name);
}

/** `server.rss` → `rss`. */
export function serverName(metric: ServerMetric): string {
  return metric.slice("server.".length);
}

/** Units for people. */
export const SERVER_UNITS = ["bytes", "seconds", "number"] as const;
export type ServerUnit = (typeof SERVER_UNITS)[number];

export type JudgedMetric = MetricName | ServerMetric;

export function isJudgedMetric(name: string): name is JudgedMetric {
  return isMetric(name) || isServerMetric(name);
}
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** Durations within a turn: a limit beyond the turn's deadline could never be judged. */
export const WITHIN_TURN: readonly MetricName[] = ["agent.response", "message.processing", "ttft", "ttfe"];

/** Durations of single turns that goodput may limit. */
export const TURN_LIMITS = ["message.processing", "ttft", "ttfe", "event.gap", "agent.response"] as const;
export type TurnLimit = (typeof TURN_LIMITS)[number];

/** Other names of metrics, and whether they are former names. */
const ALIASES: ReadonlyMap<string, { readonly metric: MetricName; readonly former: boolean }> = new Map([
  ["answer.first", { metric: "ttft", former: true }],
  ["e2e", { metric: "agent.response", former: false }],
  ["itl", { metric: "tpot", former: false }],
]);
export const METRIC_ALIASES: readonly string[] = [...ALIASES.keys()];

/** Resolves aliases. */
export function canonicalMetric(name: string): string {
  return ALIASES.get(name)?.metric ?? name;
}

/** A note on a former name; `undefined` for any other name. */
export function renamedNote(name: string): string | undefined {
  if (name === "goodput") return "`goodput` now counts turns per second: the share is `goodput.share`";
  const alias = ALIASES.get(name);
  return alias?.former ? `\`${name}\` is now called \`${alias.metric}\`` : undefined;
}

/** Metrics with samples, and so with histograms. */
export type SampledMetric = {
  [M in MetricName]: (typeof METRICS)[M]["unit"] extends SampledUnit ? M : never;
}[MetricName];

export function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** `undefined` for an unknown metric. */
export function unitOf(metric: string): MetricUnit | undefined {
  if (isServerMetric(metric)) return "count";
  return isMetric(metric) ? METRICS[metric].unit : undefined;
}

/** How a metric is sampled; `undefined` for a single number and for an unknown metric. */
export function sampledUnit(metric: string): SampledUnit | undefined {
  const unit = unitOf(metric);
  return unit === "ratio" || unit === "count" ? undefined : unit;
}

/** Marks the service time of a metric in snapshots: `agent.response` → `agent.response/service`. */
export const SERVICE_SUFFIX = "/service";
