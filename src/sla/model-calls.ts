// Data on calls of the run's model for rules, and what calls without a turn leave uncertain.
import type { RunFold } from "../metrics/run-fold.js";
import type { SlaResult } from "../model/verdict.js";
import { formatCount } from "../support/units.js";
import type { SingleValue } from "./evidence.js";

/** Up to this share of calls without a turn, the figures of turns count as exact. */
const MAX_NOBODY = 0.01;
/** Calls not assigned to their turn make these too small … */
const TOO_SMALL = ["model.calls", "model.retries", "model.time"];
/** … and this one too large. */
const TOO_LARGE = ["overhead"];

/** Over all prompts of the hold that follow another one of their conversation, if any. */
export function stablePrefix(fold: RunFold): SingleValue {
  const stable = fold.held("prompt.stable");
  const bytes = (stable?.sum ?? 0) + (fold.held("prompt.grown")?.sum ?? 0);
  const note = bytes === 0 ? { note: "no prompt followed another one in its conversation" } : {};
  return {
    value: bytes === 0 ? undefined : (stable?.sum ?? 0) / bytes,
    n: stable?.count ?? 0,
    violations: 0,
    ...note,
  };
}

/** Of the hold's input tokens; `undefined` if turns report input tokens but nothing about a cache. */
export function cachedShare(fold: RunFold): SingleValue {
  const input = fold.held("tokens.input");
  const cached = fold.held("tokens.cached");
  const nothing = { value: undefined, n: 0, violations: 0 };
  if (!input || input.sum === 0) return { ...nothing, note: "no turn in the hold reported its input tokens" };
  if (cached?.count !== input.count)
    return {
      ...nothing,
      note: `${cached?.count ?? 0} of ${input.count} turns reported their cached tokens`,
    };
  return { value: cached.sum / input.sum, n: input.count, violations: 0 };
}

/** With too many calls without a turn, only a verdict that they cannot change stands. */
export function withNobodysCalls(judged: SlaResult, { model }: RunFold): SlaResult {
  const { metric, verdict, comparison } = judged;
  if (!model || model.nobody <= model.calls * MAX_NOBODY) return judged;
  const upper = comparison.startsWith("<");
  const open =
    (TOO_SMALL.includes(metric) && verdict === (upper ? "pass" : "fail")) ||
    (TOO_LARGE.includes(metric) && verdict === (upper ? "fail" : "pass"));
  if (!open) return judged;
  return {
    ...judged,
    verdict: "no-data",
    note: `${formatCount(model.nobody)} of ${formatCount(model.calls)} model calls contain no nonce, and may belong to any turn`,
    advice: "include the user's message in the prompts of all calls, or leave out calls that do not need it",
  };
}
