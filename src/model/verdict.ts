// The words of judgement: of one threshold, of one check, and of a run.
import type { Where } from "./labels.js";
import type { JudgedMetric } from "./metric.js";

/** p99 of the generator's own delay beyond which it measured itself instead of the target, microseconds. */
export const MAX_OWN_DELAY_US = 20_000;

export type Verdict = "PASS" | "FAIL" | "INVALID";

/** `no-data`: it was asked for and cannot be known; `not-checked`: the target or journey cannot produce it. */
export type RuleVerdict = "pass" | "fail" | "no-data" | "not-checked";

/** Where a rule came from: a default may fall back or fall away, what the scenario writes is strict. */
export type RuleOrigin = "default" | "scenario";

/** Statistic that a rule is about. `pNN` are percentiles; `value` is a metric that is one number (ratio or count). */
export type Statistic =
  | { readonly kind: "percentile"; readonly perHundredThousand: number }
  | { readonly kind: "max" | "min" | "mean" | "value" };

export type Comparison = "<" | "<=" | ">" | ">=" | "==";

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
  /** The turns that it is about; absent where it is about all. */
  readonly where?: Where;
  /** The rule as people read it, normalised: `p99 < 5s`, or `{prompt=report} p99 < 5s`. */
  readonly text: string;
  /** The run ends as soon as the rule is broken. */
  readonly abort?: true;
  /** The name that the scenario uses for the metric; absent where it is the metric's own. */
  readonly written?: string;
}

/** One judged threshold. `observed` and `limit` are in milliseconds for times, else plain numbers. */
export interface SlaResult {
  readonly metric: JudgedMetric;
  readonly rule: string;
  readonly verdict: RuleVerdict;
  /** `null` where nothing was observed, or the percentile is censored. */
  readonly observed: number | null;
  readonly comparison: Comparison;
  readonly limit: number;
  /** `observed` and the limit as text for people (`> 60s` when the percentile is censored). */
  readonly observedText: string;
  readonly limitText: string;
  readonly n: number;
  readonly violations: number;
  readonly censored: number;
  readonly origin: RuleOrigin;
  /** Step of the load that it judges, when not the whole hold. */
  readonly step?: string;
  /** Set when a default was judged otherwise than written, as when a percentile lacks samples. */
  readonly judgedAs?: string;
  /** Why it is no-data or not-checked, or what to look at. */
  readonly note?: string;
  /** What to do about just this, where it is no-data. */
  readonly advice?: string;
  /** It is no-data because the generator's own delay explains what was seen. */
  readonly byGenerator?: true;
}
