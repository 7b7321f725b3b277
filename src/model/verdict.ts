// The words of judgement: of one threshold, of one check, and of a run.
import { z } from "zod";
import type { Where } from "./labels.js";
import { isJudgedMetric, type JudgedMetric } from "./metric.js";
import { count, text } from "./values.js";

export const VERDICTS = ["PASS", "FAIL", "INVALID"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Statistic that a rule is about. `pNN` are percentiles; `value` is a metric that is one number (ratio or count). */
export type Statistic =
  | { readonly kind: "percentile"; readonly perHundredThousand: number }
  | { readonly kind: "max" | "min" | "mean" | "value" };

export const COMPARISONS = ["<", "<=", ">", ">=", "=="] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What the limit counts: `us` microseconds, `tally` whole numbers, `money` millionths, `ratio` (0..1), `count`, `times` a baseline, `bytes`, or `seconds`. */
export const LIMIT_UNITS = ["us", "tally", "money", "ratio", "count", "times", "bytes", "seconds"] as const;
export type LimitUnit = (typeof LIMIT_UNITS)[number];

/** One parsed threshold, such as `message.processing p99 < 5s`. */
export interface SlaRule {
  readonly metric: JudgedMetric;
  readonly statistic: Statistic;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: LimitUnit;
  readonly origin: RuleOrigin;
  /** The turns that it is about; absent if it is about all. */
  readonly where?: Where;
  /** The rule as people read it, normalised: `p99 < 5s`, or `{prompt=report} p99 < 5s`. */
  readonly text: string;
  /** The run ends as soon as the rule is broken. */
  readonly abort?: true;
  /** The name that the scenario uses for the metric; absent if it is the metric's own. */
  readonly written?: string;
}

const isMetric = (name: unknown) => typeof name === "string" && isJudgedMetric(name);

export const slaResult = z.strictObject({
  // Another version may know more metrics: scripts are promised only a name.
  metric: z.custom<JudgedMetric>(isMetric).meta({ type: "string" }),
  rule: text,
  verdict: z.enum(["pass", "fail", "no-data", "not-checked"]),
  /** `null` if nothing was observed, or the percentile is censored. */
  observed: z.number().nullable(),
  comparison: z.enum(COMPARISONS),
  limit: z.number(),
  /** `observed` and the limit as text for people (`> 60s` when the percentile is censored). */
  observedText: text,
  limitText: text,
  n: count,
  violations: count,
  censored: count,
  origin: z.enum(["default", "scenario"]),
  /** Step of the load that it judges, when not the whole hold. */
  step: text.exactOptional(),
  /** Set when a default was judged otherwise than written, as when a percentile lacks samples. */
  judgedAs: text.exactOptional(),
  /** Why it is no-data or not-checked, or what to look at. */
  note: text.exactOptional(),
  /** What to do about just this, where it is no-data. */
  advice: text.exactOptional(),
  /** It is no-data because the generator's own delay explains what was seen. */
  byGenerator: z.literal(true).exactOptional(),
});
/** One judged threshold. `observed` and `limit` are in milliseconds for times, else plain numbers. */
export type SlaResult = Readonly<z.infer<typeof slaResult>>;
/** `no-data`: it was asked for and cannot be known; `not-checked`: the target or journey cannot produce it. */
export type RuleVerdict = SlaResult["verdict"];
/** Where a rule came from: a default may fall back or fall away, what the scenario writes is strict. */
export type RuleOrigin = SlaResult["origin"];
