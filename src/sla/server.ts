// Judges metrics read from the target: one value per second, and no verdict on seconds without a value.
import type { RunFold } from "../metrics/run-fold.js";
import { isJudged } from "../model/log/phase.js";
import { type ServerMetric, serverName } from "../model/metric.js";
import type { SlaRule, Statistic } from "../model/verdict.js";
import type { SingleValue } from "./evidence.js";
import { holds } from "./judge.js";
import { minimumSamples } from "./samples.js";

/** Share of the hold's seconds that must have a value, apart from the first and last one. */
const LEAST_SHARE = 0.9;

/** Values of the hold, at most one per second. */
export function heldServerValues(fold: RunFold, name: string): readonly number[] {
  const held = new Set(fold.points.filter(({ phase }) => isJudged(phase)).map(({ second }) => second));
  return (fold.server.get(name) ?? []).flatMap(([second, value]) => (held.has(second) ? [value] : []));
}

export function serverValue(rule: SlaRule, metric: ServerMetric, fold: RunFold): SingleValue {
  const name = serverName(metric);
  const values = heldServerValues(fold, name);
  const seconds = fold.points.filter(({ phase }) => isJudged(phase)).length;
  const n = values.length;
  const cause = fold.serverMissing.get(name);
  const why = cause === undefined ? "" : `: ${cause}`;
  const nothing = (note: string): SingleValue => ({ value: undefined, n, violations: 0, note });
  const value = statisticOf(rule.statistic, values);
  if (value === undefined) return nothing(`the target never reported it during the hold${why}`);
  const violations = values.filter((one) => !holds(one, rule)).length;
  // A single second beyond the limit breaks a maximum, whatever the others were.
  const { kind } = rule.statistic;
  const certain = violations > 0 && (kind === "max" || kind === "min") && !holds(value, rule);
  if (!certain && n < LEAST_SHARE * seconds - 1)
    return nothing(`the target reported it in only ${n} of ${seconds} seconds${why}`);
  if (rule.statistic.kind === "percentile" && n < minimumSamples(rule.statistic.perHundredThousand))
    return nothing(`${n} seconds, ${minimumSamples(rule.statistic.perHundredThousand)} needed`);
  return { value, n, violations };
}

/** Exact; `undefined` without values. */
export function statisticOf(statistic: Statistic, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  switch (statistic.kind) {
    case "percentile": {
      const rank = Math.ceil((statistic.perHundredThousand * sorted.length) / 100_000);
      return sorted[Math.max(0, rank - 1)];
    }
    case "min":
      return sorted[0];
    case "mean":
      return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    default:
      return sorted.at(-1);
  }
}
