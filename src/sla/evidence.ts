// The data that rules are judged by: one view of durations, whatever clock they were measured with.
import { DELTA_BUCKET_US } from "../metrics/clock-interval.js";
import type { Distribution } from "../metrics/distribution.js";
import type { SlaRule } from "../model/verdict.js";

/** A sampled metric. Microseconds; `undefined` without data, `Infinity` for a censored rank. */
export interface Sampled {
  readonly attempts: number;
  readonly censored: number;
  /** Samples beyond the rule's limit, without censored attempts. */
  violations(rule: SlaRule): number;
  /** @param share 0..1 of all attempts */
  valueAt(share: number): number | undefined;
  readonly minUs: number | undefined;
  readonly maxUs: number | undefined;
  readonly meanUs: number | undefined;
}

/** @param rules of this metric, in the order in which the distribution counted their violations */
export function sampledOf(distribution: Distribution, rules: readonly SlaRule[]): Sampled {
  return {
    attempts: distribution.attempts,
    censored: distribution.censored,
    violations(rule) {
      const at = rules.findIndex((other) => other.text === rule.text);
      return distribution.violations[at] ?? 0;
    },
    valueAt: (share) => distribution.valueAt(share),
    minUs: distribution.minUs,
    maxUs: distribution.maxUs,
    meanUs: distribution.meanUs,
  };
}

/**
 * Deliveries at one end of the interval of clock offsets: `delivery = delta + θ`.
 * @param edge of a bucket that represents its samples: the one less favourable to the verdict
 */
export function sampledDeltas(
  buckets: readonly (readonly [number, number])[],
  thetaUs: number,
  edge: "lower" | "upper",
): Sampled {
  const shift = thetaUs + (edge === "upper" ? DELTA_BUCKET_US : 0);
  const values = buckets.map(([us, count]) => [Math.max(0, us + shift), count] as const);
  const attempts = values.reduce((sum, [, count]) => sum + count, 0);
  const sum = values.reduce((total, [us, count]) => total + us * count, 0);
  return {
    attempts,
    censored: 0,
    violations: ({ limit, comparison }) =>
      values.reduce(
        (total, [us, count]) => total + ((comparison === "<=" ? us > limit : us >= limit) ? count : 0),
        0,
      ),
    valueAt(share) {
      if (attempts === 0) return undefined;
      let left = Math.max(1, Math.ceil(Math.round(share * attempts * 1e9) / 1e9));
      for (const [us, count] of values) {
        left -= count;
        if (left <= 0) return us;
      }
      return values.at(-1)?.[0];
    },
    minUs: values[0]?.[0],
    maxUs: values.at(-1)?.[0],
    meanUs: attempts === 0 ? undefined : sum / attempts,
  };
}

/** A metric with one number: a ratio, a count, or a minimum over seconds. */
export interface SingleValue {
  /** `undefined` if there is nothing to tell from. */
  readonly value: number | undefined;
  readonly n: number;
  readonly violations: number;
  readonly note?: string;
  /** What it may be without the generator's own delays; if that meets the rule, the value proves nothing against the target. */
  readonly withoutOwn?: number;
}
