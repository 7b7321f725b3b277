// Judging one threshold: pass, fail, no-data or not-checked, with the observed value and n.
import type { RuleVerdict, SlaResult, SlaRule } from "../model/verdict.js";
import { formatUs } from "../support/units.js";
import type { Sampled, SingleValue } from "./evidence.js";
import { minimumSamples, toleratedViolations, violatesForCertain } from "./samples.js";

export interface JudgeContext {
  /** Samples that the plan expected of the hold, by metric. */
  readonly plannedSamples: Readonly<Record<string, number>>;
  /** The generator's own p99 delay, microseconds: a latency that exceeds its limit by no more is no evidence. */
  readonly ownDelayUs: number;
  /** Longest that a turn was waited for: what a censored value exceeds at least. */
  readonly turnTimeoutUs: number;
}

/** Judges a rule on a sampled metric. For an interval of clocks call it once an end and see {@link agree}. */
export function judgeSampled(rule: SlaRule, sampled: Sampled | undefined, context: JudgeContext): SlaResult {
  const n = sampled?.attempts ?? 0;
  if (!sampled || n === 0)
    return result(rule, "no-data", undefined, 0, 0, 0, context, { note: "no samples" });
  const { statistic } = rule;
  if (statistic.kind === "percentile")
    return judgePercentile(rule, statistic.perHundredThousand, sampled, context);
  if (statistic.kind === "min" || statistic.kind === "mean") {
    const observed = statistic.kind === "min" ? sampled.minUs : sampled.meanUs;
    if (observed === undefined || (statistic.kind === "mean" && sampled.censored > 0)) {
      const note = "attempts that never ended have no mean";
      return result(rule, "no-data", observed, n, 0, sampled.censored, context, { note });
    }
    return result(
      rule,
      holds(observed, rule) ? "pass" : "fail",
      observed,
      n,
      0,
      sampled.censored,
      context,
      {},
    );
  }
  return judgeMaximum(rule, sampled, context, {});
}

function judgePercentile(
  rule: SlaRule,
  perHundredThousand: number,
  sampled: Sampled,
  context: JudgeContext,
): SlaResult {
  const { attempts: n, censored } = sampled;
  const beyond = sampled.violations(rule);
  const needed = minimumSamples(perHundredThousand);
  const observed = sampled.valueAt(perHundredThousand / 100_000);
  if (n < needed) {
    const planned = context.plannedSamples[rule.metric] ?? 0;
    // A default was never meant for so few samples: then every one of them has to hold.
    if (rule.origin === "default" && planned < needed) {
      return judgeMaximum(rule, sampled, context, {
        judgedAs: `max (${n} samples, ${needed} needed for the percentile)`,
      });
    }
    if (violatesForCertain(perHundredThousand, n, beyond + censored)) {
      return withEvidence(rule, observed, n, beyond, censored, context, {
        note: `only ${n} samples, but beyond chance`,
      });
    }
    return result(rule, "no-data", observed, n, beyond, censored, context, {
      note: `${n} samples, ${needed} needed`,
    });
  }
  if (beyond + censored <= toleratedViolations(perHundredThousand, n)) {
    return result(rule, "pass", observed, n, beyond, censored, context, {});
  }
  return withEvidence(rule, observed, n, beyond, censored, context, {});
}

function judgeMaximum(rule: SlaRule, sampled: Sampled, context: JudgeContext, extra: Extra): SlaResult {
  const { attempts: n, censored } = sampled;
  const beyond = sampled.violations(rule);
  const observed = censored > 0 ? Number.POSITIVE_INFINITY : sampled.maxUs;
  if (beyond + censored === 0) return result(rule, "pass", observed, n, beyond, censored, context, extra);
  return withEvidence(rule, observed, n, beyond, censored, context, extra);
}

/** A violation counts only where the generator's own delay cannot explain it. */
function withEvidence(
  rule: SlaRule,
  observed: number | undefined,
  n: number,
  violations: number,
  censored: number,
  context: JudgeContext,
  extra: Extra,
): SlaResult {
  const explained =
    observed !== undefined && observed - context.ownDelayUs < rule.limit && observed >= rule.limit;
  if (!explained) return result(rule, "fail", observed, n, violations, censored, context, extra);
  const note = `exceeds its limit by no more than the generator's own delay of ${formatUs(context.ownDelayUs)}`;
  return result(rule, "no-data", observed, n, violations, censored, context, { ...extra, note });
}

/** Judges a rule on a metric that is one number. */
export function judgeValue(rule: SlaRule, single: SingleValue | undefined, context: JudgeContext): SlaResult {
  const extra = single?.note === undefined ? {} : { note: single.note };
  if (single?.value === undefined) {
    return result(rule, "no-data", undefined, single?.n ?? 0, 0, 0, context, {
      note: single?.note ?? "no data",
    });
  }
  const verdict = holds(single.value, rule) ? "pass" : "fail";
  return result(rule, verdict, single.value, single.n, single.violations, 0, context, extra);
}

/** One verdict from the two ends of an interval: where they disagree it cannot be known. The upper end is shown. */
export function agree(low: SlaResult, high: SlaResult, spanText: string): SlaResult {
  if (low.verdict === high.verdict)
    return { ...high, note: high.note ?? `server clock known to ${spanText}` };
  return {
    ...high,
    verdict: "no-data",
    note: `${low.observedText} or ${high.observedText}: the server's clock is known only to ${spanText}`,
  };
}

interface Extra {
  readonly judgedAs?: string;
  readonly note?: string;
}

/** Whether one number keeps to a rule. */
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
  observed: number | undefined,
  n: number,
  violations: number,
  censored: number,
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
  };
}

/** Times in milliseconds, the rest as it is. */
function reported(unit: SlaRule["unit"], value: number): number {
  return unit === "us" ? Math.round(value) / 1000 : value;
}

/** Metrics with time limits of their own, each another: one that was not kept is not told as that of a turn. */
const OWN_LIMIT = /^(?:login|connect|history|search|settle|store)\b/;

function observedText(
  { metric, unit }: SlaRule,
  observed: number | undefined,
  { turnTimeoutUs }: JudgeContext,
): string {
  if (observed === undefined) return "–";
  if (!Number.isFinite(observed))
    return OWN_LIMIT.test(metric) ? "not in time" : `> ${formatUs(turnTimeoutUs)}`;
  return valueText(unit, observed);
}

/** The limit with its comparison, such as `< 5.00s`. */
function limitText({ comparison, limit, unit }: SlaRule): string {
  return `${comparison} ${unit === "us" && limit % 1_000_000 === 0 ? `${limit / 1_000_000}s` : valueText(unit, limit)}`;
}

function valueText(unit: SlaRule["unit"], value: number): string {
  if (unit === "us") return formatUs(value);
  if (unit === "ratio") return `${Math.floor(value * 10_000) / 100}%`;
  return unit === "times" ? `${Math.round(value * 100) / 100}x` : String(Math.round(value * 100) / 100);
}
