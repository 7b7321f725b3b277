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

const us = (meaning: string) => ({ unit: "us", meaning }) as const;
const response = (meaning: string) => ({ unit: "us", meaning, service: true }) as const;
const tally = (meaning: string) => ({ unit: "tally", meaning }) as const;
const money = (meaning: string) => ({ unit: "money", meaning }) as const;
const ratio = (meaning: string) => ({ unit: "ratio", meaning }) as const;
const count = (meaning: string) => ({ unit: "count", meaning }) as const;

export const METRICS = {
  login: us("login request → token held"),
  connect: us("upgrade request → session ready"),
  "message.processing": response("message intended → its first agent_started"),
  "event.delivery": us("event emitted by the server → received here"),
  ttft: response("message intended → first visible text of the answer; its service time begins at the send"),
  ttfe: response(
    "message intended → first event of its turn, of any kind; its service time begins at the send",
  ),
  "chunk.gap": us("each gap between two pieces of an answer's text"),
  "event.gap": us("longest silence between consecutive events of one turn"),
  "agent.response": response(
    "message intended → terminal event; its service time, from the send, is e2e latency elsewhere",
  ),
  "tool.duration": us("tool_executing → its tool_completed"),
  "stop.time": us("stop asked for → last sign of the turn"),
  "approval.time": us("message intended, or the decision before → request for a decision seen"),
  "resume.time": us("decision sent → first sign of the turn after it"),
  tpot: us("first → last text of an answer ÷ (its output tokens − 1), where the backend reports tokens"),
  "tokens.input": tally("input tokens of a turn, as the backend reports them"),
  "tokens.output": tally("output tokens of a turn, as the backend reports them"),
  "tokens.cached": tally("input tokens of a turn that came from a cache, as reported"),
  "tokens.cached.share": ratio(
    "share of the hold's input tokens that came from a cache; `tokens.cached` with a limit in percent",
  ),
  "tokens.reasoning": tally("output tokens of a turn that are reasoning, as reported"),
  "tokens.rate": count("reported output tokens of the hold's turns, per second of the hold"),
  "cost.turn": money("reported tokens of a turn at the scenario's prices"),
  "model.calls": tally("calls of a model in a turn: of the run's own, or else as the backend reports them"),
  "tool.calls": tally("tools that began in a completed turn"),
  "model.time": us("time of a turn in which the run's model was being asked; overlaps once"),
  overhead: us("time of a turn, from the send, in which the run's model was not being asked"),
  "model.retries": tally("calls of a turn that repeat one that had failed"),
  "prompt.bytes": tally("bytes of a model call's prompt"),
  "prompt.stable": tally("bytes of a prompt that the last call of its conversation began with, too"),
  "prompt.grown": tally("bytes of such a prompt behind those"),
  "prefix.stable": ratio(
    "share of the prompts' bytes that the last call of the same conversation began with, too",
  ),
  "history.query": response("history page intended → body complete"),
  "search.query": response("search intended → body complete"),
  "http.request": response("request of a step intended → body complete"),
  "wait.time": us("step wait-for intended → its condition was seen to hold"),
  "step.time": us("time of a step of one's own code, without what its code itself took"),
  "settle.query": us("settling read of the history → body complete"),
  "store.query": us("one read of a thread's messages from a store"),
  "store.query.postgres": us("one read of a thread's messages from PostgreSQL"),
  "store.query.redis": us("one read of a thread's messages from Redis"),
  "store.query.clickhouse": us("one read of a thread's messages from ClickHouse"),
  "store.lag.postgres": us("end of a turn → its rows seen in PostgreSQL"),
  "store.lag.redis": us("end of a turn → its rows seen in Redis"),
  "store.lag.clickhouse": us("end of a turn → its rows seen in ClickHouse"),
  "socket.rtt": us("ping → pong on the same sockets under the same load"),
  reconnect: us("socket lost → session ready again"),
  detection: us("fault begins → a user knows its channel to be lost"),
  recovery: us("fault ends → first 5 s in which 99 % of the turns meet their limits"),
  "generator.send-lag": us("intended → sent: the generator's own delay"),
  "generator.loop-delay": us("delay of the generator's event loop"),
  "generator.cpu": count("cores that the busiest worker used, mean of the hold"),
  "generator.gc": ratio("share of the hold that a worker spent collecting garbage, worst worker"),
  "generator.backpressure": count(
    "most bytes that waited unsent in one worker's sockets at the end of a second",
  ),
  "generator.dropped": ratio("planned starts of the hold that the generator came too late for"),
  "arrivals.dropped": ratio("planned starts of the hold that found every session busy with the target"),
  "users.live": count("users with a channel that was heard within 15 s, per second"),
  "turns.success": ratio("turns of the hold that completed, or ended as expected"),
  "turns.lost": count("turns with neither a terminal event nor a stored answer"),
  "turns.rate": count("turns settled per second of the hold"),
  goodput: count("turns per second of the hold that met every per-turn limit"),
  "goodput.share": ratio("turns of the hold that met every per-turn limit"),
  "goodput.lost": count("turns from faults to recoveries that missed a limit"),
  "goodput.kept": ratio("good turns a second from faults to recoveries ÷ those of calm seconds"),
  "events.missing": count("expected kinds of event that a completed turn did not have"),
  "events.duplicate": count("events received twice"),
  "events.out-of-order": count("events against the legal order"),
  "events.leaked": count("frames that held another user's data"),
  "quality.substantive": ratio("answers that say enough of their own"),
  "quality.relevant": ratio("answers that use what their prompt demands"),
  "quality.actionable": ratio("answers that say what to do"),
  "quality.complete": ratio("answers that end as finished texts"),
  "quality.recall": ratio("questions about facts of a dialogue that are answered with their latest values"),
  degradation: ratio("p95 of the hold ÷ p95 of the baseline step, worst metric"),
  "degradation.over-time": ratio("p95 of a hold's second half ÷ p95 of its first, worst metric"),
  "errors.over-time": ratio(
    "errors for each turn that ended: by how much a hold's second half exceeds its first",
  ),
  "target.memory.over-time": ratio("resident memory of the target in a hold's second half ÷ its first"),
  "generator.memory.over-time": ratio("heap of a worker in a hold's second half ÷ its first, worst worker"),
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
