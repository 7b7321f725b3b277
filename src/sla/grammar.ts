// The grammar of thresholds: `p99 < 5s`, `max < 10s`, `>= 99%`, `min 100`, `== 0`, `<= 3x`, `off`.
//
//   rule       = [statistic] [comparison] limit      at least one of statistic and comparison
//   statistic  = "p" number | "max" | "min" | "mean"
//   comparison = "<" | "<=" | ">" | ">=" | "=="
//   limit      = duration (5s, 100ms) | percent (99%) | factor (3x) | number
//
// `min 100` reads `min >= 100`, since YAML trips over a leading `>`; `max 5s` reads `max <= 5s`.
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { LABELLED, parseLabels, type Where } from "../model/labels.js";
import {
  canonicalMetric,
  isFactor,
  isJudgedMetric,
  isServerMetric,
  METRIC_NAMES,
  type MetricUnit,
  sampledUnit,
  unitOf,
} from "../model/metric.js";
import type { Comparison, LimitUnit, RuleOrigin, SlaRule, Statistic } from "../model/verdict.js";
import { defined } from "../support/defined.js";
import { parseDurationUs, parseSizeBytes } from "../support/units.js";

export type ParsedRule = { readonly rule: SlaRule } | { readonly problem: string };

const SHAPE = /^(?:(p\d{1,2}(?:\.\d{1,3})?|max|min|mean)\s*)?(<=|>=|==|<|>)?\s*([0-9.][0-9.a-zA-Zµ%\s]*)$/;

/** Never throws: a mistake comes back as a sentence with its fix. */
export function parseRule(written: string, text: string, origin: RuleOrigin): ParsedRule {
  const labelled = parseLabels(written);
  if (typeof labelled === "string") return { problem: labelled };
  const metric = metricOf(labelled?.name ?? written, text);
  if (!isJudgedMetric(metric)) return { problem: unknownMetric(labelled?.name ?? written) };
  const unlabelled = labelled && labelProblem(metric, labelled.where);
  if (unlabelled !== undefined) return { problem: unlabelled };
  const unit = unitOf(metric) ?? "count";
  const match = SHAPE.exec(text.trim());
  if (!match || (!match[1] && !match[2]))
    return { problem: `"${text}" is not a threshold; ${example(metric)}` };
  const [, statisticText, comparisonText, limitText = ""] = match;
  const limit = parseLimit(limitText.trim(), metric, unit);
  if (typeof limit === "string") return { problem: limit };
  const statistic = parseStatistic(statisticText, comparisonText !== undefined, metric);
  if (typeof statistic === "string") return { problem: statistic };
  const comparison = (comparisonText ?? (statisticText === "min" ? ">=" : "<=")) as Comparison;
  if (statistic.kind === "percentile" && comparison !== "<" && comparison !== "<=") {
    return { problem: `a percentile is bounded from above; write "${statisticText} < ${limitText}"` };
  }
  // The violations of a maximum are the samples beyond it; other comparisons have none to count.
  if (sampledUnit(metric) && statistic.kind === "max" && comparison !== "<" && comparison !== "<=") {
    return { problem: `a maximum is bounded from above; write "max < ${limitText.trim()}"` };
  }
  const shown =
    statistic.kind === "value" ? "" : `${statistic.kind === "percentile" ? statisticText : statistic.kind} `;
  const turns = labelled ? `${whereText(labelled.where)} ` : "";
  const text2 = `${turns}${shown}${comparison} ${limitText.trim()}`;
  return {
    rule: {
      ...{ metric, statistic, comparison, limit: limit.value, unit: limit.unit, origin, text: text2 },
      ...(written === metric ? {} : { written }),
      ...(labelled ? { where: labelled.where } : {}),
    },
  };
}

function whereText(where: Where): string {
  return `{${Object.entries(where)
    .map(([label, value]) => `${label}=${value}`)
    .join(", ")}}`;
}

/** Why a metric does not have these labels, if it does not. */
function labelProblem(metric: string, { phase: _, ...where }: Where): string | undefined {
  const byLabel = LABELLED.some((one) => one === metric);
  if (!byLabel && (Object.keys(where).length > 0 || sampledUnit(metric) === undefined))
    return `${metric} is not broken down by labels; these are: ${LABELLED.join(", ")}`;
  return where.tool !== undefined && metric !== "tool.duration"
    ? `${metric} is not broken down by tools; \`tool.duration\` is`
    : undefined;
}

/** With a limit in percent these are shares: `goodput` used to be one, and `tokens.cached` is a share of input tokens. */
function metricOf(written: string, text: string): string {
  const shared = written === "goodput" || written === "tokens.cached";
  return shared && text.trim().endsWith("%") ? `${written}.share` : canonicalMetric(written);
}

function parseStatistic(
  text: string | undefined,
  hasComparison: boolean,
  metric: string,
): Statistic | string {
  const sampled = sampledUnit(metric);
  if (sampled) {
    const what = sampled === "us" ? "is a duration" : "is counted many times";
    if (!text)
      return `${metric} ${what}: say which statistic, as in ${sampled === "us" ? '"p99 < 5s" or "max < 5s"' : '"p99 <= 8" or "max <= 8"'}`;
    if (text.startsWith("p")) return percentileOf(text);
    if (!hasComparison && text === "mean")
      return `"mean" needs a comparison, as in "mean < ${sampled === "us" ? "2s" : "2"}"`;
    return { kind: text as "max" | "min" | "mean" };
  }
  if (isServerMetric(metric)) {
    if (!text)
      return `${metric} is reported each second: say which statistic, as in "max < 2GB" or "mean < 80%"`;
    if (text.startsWith("p")) return percentileOf(text);
    return hasComparison || text !== "mean"
      ? { kind: text as "max" | "min" | "mean" }
      : '"mean" needs a comparison, as in "mean < 80%"';
  }
  if (metric === "users.live" && text !== "mean" && !text?.startsWith("p"))
    return { kind: text === "max" ? "max" : "min" };
  if (text?.startsWith("p") || text === "mean") {
    if (metric !== "users.live" || text !== "mean")
      return `${metric} is one number and has no ${text}; ${example(metric)}`;
    return hasComparison ? { kind: "mean" } : `"mean" needs a comparison, as in "mean >= 90"`;
  }
  return { kind: "value" };
}

function percentileOf(text: string): Statistic | string {
  const percent = Number(text.slice(1));
  const perHundredThousand = Math.round(percent * 1000);
  if (!(percent > 0 && percent < 100)) return `"${text}" is not a percentile between p1 and p99.999`;
  return { kind: "percentile", perHundredThousand };
}

function parseLimit(
  text: string,
  metric: string,
  unit: MetricUnit,
): { value: number; unit: LimitUnit } | string {
  if (unit === "us") {
    const us = parseDurationUs(text);
    if (us === undefined || text === "0")
      return `"${text}" is not a duration; write for example 250ms, 5s or 1m`;
    return { value: us, unit: "us" };
  }
  if (isServerMetric(metric)) return parseServerLimit(text);
  if (isFactor(metric)) {
    const factor = /^([0-9.]+)x?$/.exec(text);
    return factor && Number(factor[1]) > 0
      ? { value: Number(factor[1]), unit: "times" }
      : `"${text}" is not a factor; write for example 3x`;
  }
  if (unit === "ratio") {
    const match = /^([0-9.]+)\s*(%?)$/.exec(text);
    // 99.9 / 100 is not 0.999 in binary: rounded, so that 999 of 1000 is 99.9 %.
    const value = match ? Math.round((Number(match[1]) * 1e9) / (match[2] ? 100 : 1)) / 1e9 : Number.NaN;
    return value >= 0 && value <= 1
      ? { value, unit: "ratio" }
      : `"${text}" is not a share; write for example 99% or 0.99`;
  }
  const value = /^[0-9.]+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) return `"${text}" is not a number`;
  if (unit === "money") return { value: Math.round(value * 1_000_000), unit };
  return { value, unit: unit === "tally" ? unit : "count" };
}

/** In the base units of Prometheus: seconds, bytes, shares of 1. */
function parseServerLimit(text: string): { value: number; unit: LimitUnit } | string {
  if (/^[0-9.]+$/.test(text) && Number.isFinite(Number(text))) return { value: Number(text), unit: "count" };
  const bytes = parseSizeBytes(text);
  if (bytes !== undefined) return { value: bytes, unit: "bytes" };
  const us = parseDurationUs(text);
  if (us !== undefined) return { value: us / 1_000_000, unit: "seconds" };
  const percent = /^([0-9.]+)\s*%$/.exec(text);
  const share = percent ? Number(percent[1]) / 100 : Number.NaN;
  return Number.isFinite(share)
    ? { value: share, unit: "ratio" }
    : `"${text}" is not a limit; write for example 50, 2GB, 100ms or 80%`;
}

function unknownMetric(metric: string): string {
  const near = closest(metric, METRIC_NAMES);
  const hint = distance(metric, near) <= Math.max(3, metric.length / 3) ? `; did you mean "${near}"?` : "";
  return `there is no metric "${metric}"${hint}`;
}

function example(metric: string): string {
  const unit = unitOf(metric);
  if (isServerMetric(metric)) return 'write for example "max < 2GB" or "mean < 80%"';
  if (unit === "us") return 'write for example "p99 < 5s" or "max < 5s"';
  if (unit === "tally") return 'write for example "p99 <= 8" or "max <= 8"';
  if (metric === "users.live") return 'write for example "min 100"';
  if (isFactor(metric)) return 'write for example "<= 3x"';
  return unit === "ratio" ? 'write for example "min 99%"' : 'write for example "== 0"';
}

const ruleText = z.union([z.string(), z.number()]).transform(String);
const rule = z.union([
  ruleText,
  z
    .strictObject({
      rule: ruleText.describe("The threshold"),
      abort: z.literal(true).describe("End the run as soon as this threshold is missed"),
    })
    .describe("A threshold that can end the run early"),
]);

/** `sla` in the scenario file: metric → threshold, list of thresholds, or `off`. */
export const slaSchema = z
  .record(z.string(), z.union([rule, z.literal(false), z.array(rule).min(1)]))
  .transform((entries, context) => {
    const rules: SlaRule[] = [];
    const off: string[] = [];
    for (const [metric, value] of Object.entries(entries)) {
      if (value === "off" || value === false) {
        if (unitOf(canonicalMetric(metric))) off.push(canonicalMetric(metric));
        else context.addIssue({ code: "custom", path: [metric], message: unknownMetric(metric) });
        continue;
      }
      const texts = Array.isArray(value) ? value : [value];
      for (const [index, one] of texts.entries()) {
        const { rule: text, abort } = typeof one === "string" ? { rule: one, abort: undefined } : one;
        const parsed = parseRule(metric, text, "scenario");
        const path = Array.isArray(value) ? [metric, index] : [metric];
        if ("problem" in parsed) context.addIssue({ code: "custom", path, message: parsed.problem });
        else rules.push({ ...parsed.rule, ...defined({ abort }) });
      }
    }
    return { rules, off };
  })
  .describe("Thresholds: metric → rule, list of rules, or off");
