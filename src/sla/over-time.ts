// Degradation over time: the second half of each hold against its first, of the metric that grew most.
import type { RunFold } from "../metrics/run-fold.js";
import { degradationOf } from "./degradation.js";
import { type SingleValue, sampledOf } from "./evidence.js";

/**
 * The largest factor of all holds. Of event delivery against an unknown clock nothing is said: a factor of times
 * that are known only up to a constant means nothing.
 */
export function degradationOverTime({ halves, rules }: RunFold): SingleValue {
  const nothing: SingleValue = {
    value: undefined,
    n: 0,
    violations: 0,
    note: "the halves of the hold have too few samples",
  };
  const holds = (halves?.phases ?? []).map((phase) => {
    const view = (half: 0 | 1) => (metric: string) => {
      const part = halves?.of(phase, metric)?.[half];
      return part && sampledOf(part, []);
    };
    return degradationOf(rules, view(0), view(1), nothing.note);
  });
  return holds.reduce((worst, next) => ((next.value ?? 0) > (worst.value ?? 0) ? next : worst), nothing);
}
