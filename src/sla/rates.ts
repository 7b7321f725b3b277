// What the hold did per second: turns, good turns, output tokens.
import type { RunFold } from "../metrics/run-fold.js";
import { isJudged } from "../model/log/phase.js";
import type { Ledger } from "../model/turn/ledger.js";
import type { SingleValue } from "./evidence.js";

/** Whole seconds of the hold. */
export function heldSeconds(fold: RunFold): number {
  return fold.points.filter((point) => isJudged(point.phase)).length;
}

export function turnsRate(fold: RunFold, held: Ledger): SingleValue {
  const seconds = heldSeconds(fold);
  return { value: seconds === 0 ? undefined : held.attempted / seconds, n: seconds, violations: 0 };
}

/** What the generator's own delay explains is not evidence: includes the share that would be possible without it. */
export function goodput(fold: RunFold, ownUs: number): SingleValue {
  let turns = 0;
  let good = 0;
  let atBest = 0;
  for (const point of fold.points) {
    if (!isJudged(point.phase)) continue;
    const [intended, met] = fold.goodput.get(point.second) ?? [0, 0];
    turns += intended;
    good += met;
    atBest += fold.goodWithout(ownUs, point.second);
  }
  const counts = { n: turns, violations: turns - good };
  return turns === 0
    ? { value: undefined, ...counts }
    : { value: good / turns, withoutOwn: atBest / turns, ...counts };
}

/** Good turns per second of the hold; `undefined` if their share is. */
export function goodputRate(
  { value, withoutOwn = 0, n, violations }: SingleValue,
  fold: RunFold,
): SingleValue {
  const seconds = heldSeconds(fold);
  if (value === undefined) return { value, n, violations };
  return { value: (n - violations) / seconds, withoutOwn: (withoutOwn * n) / seconds, n, violations };
}

/** Reported output tokens per second of the hold, if any were reported. */
export function tokensRate(fold: RunFold): SingleValue {
  const tokens = fold.held("tokens.output");
  const seconds = heldSeconds(fold);
  if (!tokens || tokens.count === 0 || seconds === 0)
    return { value: undefined, n: 0, violations: 0, note: "no turn in the hold reported its output tokens" };
  return { value: tokens.sum / seconds, n: tokens.count, violations: 0 };
}
