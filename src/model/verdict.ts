// Verdicts: of one threshold, of one check, and of a run.
import { z } from "zod";
import type { Where } from "./labels.js";
import { isJudgedMetric, type JudgedMetric } from "./metric.js";
import { count, text } from "./values.js";

export const VERDICTS = ["PASS", "FAIL", "INVALID"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `pNN` are percentiles; `value` is a metric with one number (ratio or count). */
export type Statistic =
  | { readonly kind: "percentile"; readonly perHundredThousand: number }
  | { readonly kind: "max" | "min" | "mean" | "value" };

export const COMPARISONS = ["<", "<=", ">", ">=", "=="] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `us` microseconds, `tally` whole numbers, `money` millionths, `ratio` 0..1, `count`, `times` a baseline, `bytes`, `seconds`. */
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
  /** Selects turns; absent for all. */
  readonly where?: Where;
  /** Normalised, for people: `p99 < 5s`, or `{prompt=report} p99 < 5s`. */
  readonly text: string;
  /** The run ends as soon as the rule is broken. */
  readonly abort?: true;
  /** The scenario's name for the metric, if it is an alias. */
  readonly written?: string;
}

const isMetric = (name: unknown) => typeof name === "string" && isJudgedMetric(name);

export const slaResult = z.strictObject({
  // Another version may have more metrics: scripts can only rely on a name.
  metric: z.custom<JudgedMetric>(isMetric).meta({ type: "string" }),
  rule: text,
  verdict: z.enum(["pass", "fail", "no-data", "not-checked"]),
  /** `null` without data, or if the percentile is censored. */
  observed: z.number().nullable(),
  comparison: z.enum(COMPARISONS),
  limit: z.number(),
  /** For people; `> 60s` if the percentile is censored. */
  observedText: text,
  limitText: text,
  n: count,
  violations: count,
  censored: count,
  origin: z.enum(["default", "scenario"]),
  /** Step of the load, if not the whole hold. */
  step: text.exactOptional(),
  /** Set if a default was judged differently, such as a percentile that lacks samples. */
  judgedAs: text.exactOptional(),
  /** Why it is no-data or not-checked, or what to look at. */
  note: text.exactOptional(),
  /** What to do about no-data. */
  advice: text.exactOptional(),
  /** No-data because the generator's own delay explains the observation. */
  byGenerator: z.literal(true).exactOptional(),
});
/** `observed` and `limit` are in milliseconds for times, otherwise plain numbers. */
export type SlaResult = Readonly<z.infer<typeof slaResult>>;
/** `no-data`: asked for, but unknown; `not-checked`: the target or journey cannot produce it. */
export type RuleVerdict = SlaResult["verdict"];
/** A default may be judged differently or dropped; a rule from the scenario is strict. */
export type RuleOrigin = SlaResult["origin"];
