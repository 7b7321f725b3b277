// Ends a run as soon as one of its aborting rules is broken for good: by enough samples, and no longer recoverable.
import { isJudged } from "../../model/log/phase.js";
import type { RunHeader } from "../../model/log/run-log.js";
import type { SlaResult, SlaRule } from "../../model/verdict.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import { judgedSoFar, PENDING } from "../../run/coordinator/progress-source.js";
import { formatCount, formatUs } from "../../support/units.js";

/** Fewest samples for a share, or any other single number, to count as broken. */
const ENOUGH = 100;

/**
 * Called at every change of a run; looks once a second.
 * @param all every rule ends the run, not only those with `abort`
 * @returns which rule is broken, by what and when; `undefined` to go on
 */
export function breachWatch(
  header: RunHeader,
  all: boolean,
): ((state: CoordinatorState) => string | undefined) | undefined {
  const ends = new Map(
    header.rules.filter(({ abort }) => all || abort).map((rule) => [keyOf(rule.metric, rule.text), rule]),
  );
  if (ends.size === 0) return undefined;
  let seen = 0;
  return (state) => {
    const { points } = state.fold;
    if (points.length === seen || state.phase === "drain" || state.phase === "settle") return undefined;
    seen = points.length;
    const broken = judgedSoFar(header, state).find((result) => {
      const rule = ends.get(keyOf(result.metric, result.rule));
      return rule !== undefined && isBroken(rule, result, state);
    });
    if (!broken) return undefined;
    const at = formatUs(((points.at(-1)?.second ?? 0) + 1) * 1_000_000);
    return `${broken.metric} ${broken.rule} was broken ${at} into the run (${broken.observedText}, n = ${formatCount(broken.n)})`;
  };
}

const keyOf = (metric: string, text: string): string => `${metric} ${text}`;

/**
 * Whether it is broken for good. A default judged by its maximum for lack of samples, and a share of only a few, may
 * still recover; turns not yet settled may all turn out well.
 */
function isBroken(
  { metric, statistic: { kind }, limit, comparison }: SlaRule,
  { verdict, judgedAs, n, violations }: SlaResult,
  { fold }: CoordinatorState,
): boolean {
  if (verdict !== "fail" || judgedAs !== undefined) return false;
  if (metric === "turns.success") {
    const held = fold.points.filter(({ phase }) => isJudged(phase));
    const started = held.reduce((sum, { turnsStarted }) => sum + turnsStarted, 0);
    return started >= ENOUGH && violations > (1 - limit) * started;
  }
  if (PENDING.includes(metric)) return false;
  const atOnce =
    kind === "percentile" ||
    kind === "max" ||
    metric === "users.live" ||
    (comparison === "==" && limit === 0);
  return atOnce || n >= ENOUGH;
}
