// Judges one threshold: pass, fail, no-data or not-checked, with the observed value and n.
import type { ToldMetrics } from "../model/log/run-log.js";
import { renamedNote } from "../model/metric.js";
import type { RuleVerdict, SlaResult, SlaRule } from "../model/verdict.js";
import { formatBytes, formatCount, formatUs } from "../support/units.js";
import type { Sampled, SingleValue } from "./evidence.js";
import { mayHaveAddedUs, NO_OWN_DELAY, type OwnDelays } from "./own-delay.js";
import { minimumSamples, toleratedViolations, violatesForCertain } from "./samples.js";

export interface JudgeContext {
  /** Samples that the plan expects in the hold, by metric. */
  readonly plannedSamples: Readonly<Record<string, number>>;
  /** The generator's own delays: what they explain proves nothing against the target. */
  readonly own: OwnDelays;
  /** The turn timeout: a lower bound of censored values. */
  readonly turnTimeoutUs: number;
  /** How long after a ramp its connects may still take; 0 if unknown. */
  readonly connectUs?: number;
  /** Which metrics the target provides; absent if unknown. */
  readonly tells?: ToldMetrics;
}

interface Seen {
  readonly observed: number | undefined;
  readonly n: number;
  readonly violations: number;
  readonly censored: number;
}

type Extra = Pick<SlaResult, "judgedAs" | "note" | "advice" | "byGenerator">;

/** For an interval of clock offsets, call it at each end and see {@link agree}. */
export function judgeSampled(
  rule: SlaRule,
  sampled: Sampled | undefined,
  surroundings: JudgeContext,
): SlaResult {
  // The generator's own delay only adds to durations.
  const context = rule.unit === "us" ? surroundings : { ...surroundings, own: NO_OWN_DELAY };
  if (!sampled || sampled.attempts === 0) {
    const note = "no samples";
    return result(rule, "no-data", NOTHING_SEEN, context, { note, advice: adviceOnNothing(rule) });
  }
  const { statistic } = rule;
  switch (statistic.kind) {
    case "percentile":
      return judgePercentile(rule, statistic.perHundredThousand, sampled, context);
    case "min":
    case "mean":
      return judgeSingle(rule, statistic.kind, sampled, context);
    default:
      return judgeMaximum(rule, sampled, context);
  }
}

const NOTHING_SEEN: Seen = { observed: undefined, n: 0, violations: 0, censored: 0 };

function adviceOnNothing({ metric, where }: SlaRule): string {
  if (where) return "the report's breakdown shows which labels the turns in the hold have";
  return `the report shows whether anything should have produced it; \`${metric}: off\` removes the rule`;
}

function judgeSingle(
  rule: SlaRule,
  kind: "min" | "mean",
  sampled: Sampled,
  context: JudgeContext,
): SlaResult {
  const { attempts: n, censored } = sampled;
  const observed = kind === "min" ? sampled.minUs : sampled.meanUs;
  const seen: Seen = { observed, n, violations: 0, censored };
  if (observed === undefined || (kind === "mean" && censored > 0)) {
    const note = `${formatCount(censored)} of ${formatCount(n)} attempts never ended, so there is no mean`;
    return result(rule, "no-data", seen, context, { note, advice: "judge a percentile, which counts them" });
  }
  // The generator's delay increases a value, so it may also have lifted it over a lower limit.
  const lower = rule.comparison.startsWith(">");
  const addedUs = mayHaveAddedUs(context.own, rule.statistic);
  const sure = lower ? holds(observed, rule) === holds(observed - addedUs, rule) : holds(observed, rule);
  if (lower && !sure) return result(rule, "no-data", seen, context, ownDoing(addedUs));
  return holds(observed, rule) ? result(rule, "pass", seen, context, {}) : broken(rule, seen, context, {});
}

function judgePercentile(
  rule: SlaRule,
  perHundredThousand: number,
  sampled: Sampled,
  context: JudgeContext,
): SlaResult {
  const { attempts: n, censored } = sampled;
  const violations = sampled.violations(rule);
  const needed = minimumSamples(perHundredThousand);
  const seen: Seen = { observed: sampled.valueAt(perHundredThousand / 100_000), n, violations, censored };
  if (n >= needed) {
    return violations + censored <= toleratedViolations(perHundredThousand, n)
      ? result(rule, "pass", seen, context, {})
      : broken(rule, seen, context, {});
  }
  const planned = context.plannedSamples[rule.metric] ?? 0;
  // A default was never meant for so few samples: then every one of them has to hold.
  if (rule.origin === "default" && planned < needed) {
    const judgedAs = `max (${n} samples, ${needed} needed for the percentile)`;
    return judgeMaximum(rule, sampled, context, { judgedAs });
  }
  if (violatesForCertain(perHundredThousand, n, violations + censored))
    return broken(rule, seen, context, { note: `only ${n} samples, but beyond chance` });
  return result(rule, "no-data", seen, context, {
    note: `${n} samples, ${needed} needed`,
    advice: `hold ${Math.ceil((10 * needed) / n) / 10} times as long, use that many times the users, or judge a lower percentile`,
  });
}

function judgeMaximum(rule: SlaRule, sampled: Sampled, context: JudgeContext, extra: Extra = {}): SlaResult {
  const { attempts: n, censored } = sampled;
  const violations = sampled.violations(rule);
  const observed = censored > 0 ? Number.POSITIVE_INFINITY : sampled.maxUs;
  const seen: Seen = { observed, n, violations, censored };
  return violations + censored === 0
    ? result(rule, "pass", seen, context, extra)
    : broken(rule, seen, context, extra, context.own.maxUs);
}

/** A violation counts only if the generator's own delay cannot explain it. */
function broken(
  rule: SlaRule,
  seen: Seen,
  context: JudgeContext,
  extra: Extra,
  addedUs = mayHaveAddedUs(context.own, rule.statistic),
): SlaResult {
  const { observed } = seen;
  const explained = observed !== undefined && !holds(observed, rule) && holds(observed - addedUs, rule);
  return explained
    ? result(rule, "no-data", seen, context, { ...extra, ...ownDoing(addedUs) })
    : result(rule, "fail", seen, context, extra);
}

function ownDoing(addedUs: number): Extra {
  return {
    note: `over its limit by no more than the generator's own delay of up to ${formatUs(addedUs)}`,
    byGenerator: true,
  };
}

export function judgeValue(rule: SlaRule, single: SingleValue | undefined, context: JudgeContext): SlaResult {
  const { value, n = 0, violations = 0, withoutOwn } = single ?? {};
  if (value === undefined) {
    const note = single?.note ?? "no data";
    return result(rule, "no-data", { ...NOTHING_SEEN, n }, context, { note, advice: adviceOnNothing(rule) });
  }
  const seen: Seen = { observed: value, n, violations, censored: 0 };
  const extra = single?.note === undefined ? {} : { note: single.note };
  if (holds(value, rule)) return result(rule, "pass", seen, context, extra);
  if (withoutOwn === undefined || !holds(withoutOwn, rule)) return result(rule, "fail", seen, context, extra);
  const note = `${single?.note === undefined ? "" : `${single.note}, but `}the generator's own delay explains it`;
  return result(rule, "no-data", seen, context, { note, byGenerator: true });
}

/** One verdict from both ends of an interval: unknown if they disagree. Shows the upper end. */
export function agree(low: SlaResult, high: SlaResult, { known, why }: Uncertainty): SlaResult {
  if (low.verdict === high.verdict) return { ...high, note: high.note ?? known };
  const { advice: _, byGenerator: __, ...shown } = high;
  return {
    ...shown,
    verdict: "no-data",
    note: `${low.observedText} or ${high.observedText}: ${why}`,
    advice: "give both machines the same clock and set `clock: same`, or judge `socket.rtt` instead",
  };
}

/** What is uncertain about a metric measured against another clock, in words. */
export interface Uncertainty {
  /** For a verdict that does not depend on it. */
  readonly known: string;
  /** For a verdict that does. */
  readonly why: string;
}

/** Whether one number meets a rule. */
export function holds(observed: number, { comparison, limit }: SlaRule): boolean {
  switch (comparison) {
    case "<":
      return observed < limit;
    case "<=":
      return observed <= limit;
    case ">":
      return observed > limit;
    case ">=":
      return observed >= limit;
    case "==":
      return observed === limit;
  }
}

function result(
  rule: SlaRule,
  verdict: RuleVerdict,
  { observed, n, violations, censored }: Seen,
  context: JudgeContext,
  extra: Extra,
): SlaResult {
  const finite = observed !== undefined && Number.isFinite(observed);
  return {
    metric: rule.metric,
    rule: rule.text,
    verdict,
    observed: finite ? reported(rule.unit, observed) : null,
    comparison: rule.comparison,
    limit: reported(rule.unit, rule.limit),
    observedText: observedText(rule, observed, context),
    limitText: limitText(rule),
    n,
    violations,
    censored,
    origin: rule.origin,
    ...extra,
    ...noteOn(rule, extra.note),
  };
}

/** Mentions the former name of a metric, if the scenario uses it. */
function noteOn({ written }: SlaRule, note: string | undefined): Pick<SlaResult, "note"> {
  const renamed = written === undefined ? undefined : renamedNote(written.replace(/\{.*$/, ""));
  if (renamed === undefined) return {};
  return { note: note === undefined ? renamed : `${note}; ${renamed}` };
}

/** Times in milliseconds, money in its currency, the rest unchanged. */
function reported(unit: SlaRule["unit"], value: number): number {
  if (unit === "money") return value / 1_000_000;
  return unit === "us" ? Math.round(value) / 1000 : value;
}

/** Metrics with timeouts other than the turn's. */
const OWN_LIMIT = /^(?:login|connect|history|search|settle|store)\b/;

function observedText(
  { metric, unit }: SlaRule,
  observed: number | undefined,
  { turnTimeoutUs }: JudgeContext,
): string {
  if (observed === undefined) return "–";
  if (!Number.isFinite(observed))
    return unit !== "us"
      ? "unknown"
      : OWN_LIMIT.test(metric)
        ? "not in time"
        : `> ${formatUs(turnTimeoutUs)}`;
  return valueText(unit, observed);
}

/** The limit with its comparison, such as `< 5.00s`. */
function limitText({ comparison, limit, unit }: SlaRule): string {
  return `${comparison} ${unit === "us" && limit % 1_000_000 === 0 ? `${limit / 1_000_000}s` : valueText(unit, limit)}`;
}

function valueText(unit: SlaRule["unit"], value: number): string {
  if (unit === "us") return formatUs(value);
  if (unit === "ratio") return `${Math.floor(value * 10_000) / 100}%`;
  if (unit === "bytes") return formatBytes(Math.round(value));
  if (unit === "seconds") return formatUs(Math.round(value * 1_000_000));
  if (unit === "money") return String(Number((value / 1_000_000).toPrecision(4)));
  return unit === "times" ? `${Math.round(value * 100) / 100}x` : String(Math.round(value * 100) / 100);
}
