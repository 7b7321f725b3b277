// The default rules, which apply unless a scenario says otherwise.
import { OVER_TIME } from "../model/metric.js";
import type { SlaRule } from "../model/verdict.js";
import type { SlaSpec } from "../scenarios/scenario.js";
import { parseRule } from "./grammar.js";

export interface DefaultsContext {
  /** Metrics that the journey produces: others have no default. */
  readonly produced: ReadonlySet<string>;
  /** Most users at once in the load. */
  readonly users: number;
  /** There is a baseline step, so degradation can be judged. */
  readonly baseline: boolean;
  /** A hold is long enough to compare its halves. */
  readonly longHold?: boolean;
  /** A hold is long enough for memory to warm up, and the target reports its memory. */
  readonly memory?: boolean;
  /** Sessions come and go: one without a free user is lost with all its turns. */
  readonly coming?: boolean;
  /** Names of the checks that are on. */
  readonly checks: ReadonlySet<string>;
}

/** All rules of a run: the scenario's own, and defaults for metrics that it neither rules on nor switches `off`. */
export function effectiveRules(spec: SlaSpec, context: DefaultsContext): readonly SlaRule[] {
  const defaults = defaultTexts(context)
    .filter(([metric]) => context.produced.has(metric))
    .filter(
      ([metric]) =>
        !spec.off.includes(metric) && !spec.rules.some((rule) => rule.metric === metric && !rule.where),
    )
    .map(([metric, text]) => mustParse(metric, text));
  const order = [
    ...new Set([
      ...defaultTexts(context).map(([metric]) => metric),
      ...spec.rules.map((rule) => rule.metric),
    ]),
  ];
  return [...spec.rules, ...defaults].sort((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric));
}

function defaultTexts({
  users,
  baseline,
  checks,
  longHold,
  memory,
  coming,
}: DefaultsContext): readonly (readonly [string, string])[] {
  return [
    ["message.processing", "p99 < 5s"],
    ["event.delivery", "p99 < 1s"],
    ["agent.response", "p99 < 60s"],
    ["history.query", "p99 < 100ms"],
    ["users.live", `min >= ${users}`],
    ["search.query", "p99 < 100ms"],
    ["store.query", "p99 < 100ms"],
    ["http.request", "p99 < 5s"],
    ["wait.time", "p99 < 60s"],
    ["step.time", "p99 < 60s"],
    ["turns.success", ">= 99%"],
    ...(coming ? ([["arrivals.dropped", "<= 1%"]] as const) : []),
    ["turns.lost", "== 0"],
    ["events.duplicate", "== 0"],
    ["events.out-of-order", "== 0"],
    ["events.leaked", "== 0"],
    ...(checks.has("quality") ? QUALITY : []),
    ...(checks.has("context") ? ([["quality.recall", ">= 95%"]] as const) : []),
    ...(baseline ? ([["degradation", "<= 3x"]] as const) : []),
    ...(longHold ? OVER_TIME_RULES : []),
    ...(memory ? ([["target.memory.over-time", "<= 1.5x"]] as const) : []),
  ];
}

const OVER_TIME_RULES: readonly (readonly [string, string])[] = [
  [OVER_TIME, "<= 1.5x"],
  ["errors.over-time", "<= 1%"],
];

const QUALITY: readonly (readonly [string, string])[] = [
  ["quality.substantive", ">= 95%"],
  ["quality.relevant", ">= 95%"],
  ["quality.complete", ">= 99%"],
];

function mustParse(metric: string, text: string): SlaRule {
  const parsed = parseRule(metric, text, "default");
  if ("problem" in parsed) throw new Error(`default rule of ${metric}: ${parsed.problem}`);
  return parsed.rule;
}
