// How a service recovers: from each fault's end to the first five good seconds.
import type { FaultSpan } from "../metrics/fault-spans.js";
import type { RunFold } from "../metrics/run-fold.js";
import { isJudged } from "../model/log/phase.js";
import type { Sampled, SingleValue } from "./evidence.js";

/** A good window: this many whole seconds with at least this many turns, of which this share met every limit. */
const WINDOW_S = 5;
const WINDOW_TURNS = 5;
const WINDOW_SHARE = 0.99;
/** Seconds without a fault needed for a comparison. */
const MIN_CALM_S = 5;

export interface Aftermath {
  readonly span: FaultSpan;
  /**
   * From the fault's end to the start of the first good window, milliseconds, to the second; 0 if the second of the end
   * starts one. `Infinity`: the load ended first. `undefined`: it ended too soon for any window.
   */
  readonly recoveryMs: number | undefined;
  /** Turns intended from its start to its recovery that missed a limit. */
  readonly goodputLost: number;
}

type Goodput = (second: number) => readonly [turns: number, good: number];

/** @param ownUs turns late by no more than this, the generator's own delay, count as good */
function goodputOf(fold: RunFold, ownUs: number): Goodput {
  return (second) => [fold.goodput.get(second)?.[0] ?? 0, fold.goodWithout(ownUs, second)];
}

/**
 * All faults of the run with their recovery. Only turns intended before the drain count.
 * @param ownUs the most that the generator itself may have added: turns late by no more count as good
 */
export function aftermathsOf(fold: RunFold, ownUs = 0): readonly Aftermath[] {
  const endS = loadEndSecond(fold);
  const goodput = goodputOf(fold, ownUs);
  return fold.faults.all().map((span) => aftermathOf(goodput, span, endS));
}

function aftermathOf(goodput: Goodput, span: FaultSpan, endS: number): Aftermath {
  const recoveredS = span.endMs === undefined ? undefined : firstGoodWindow(goodput, span.endMs / 1000, endS);
  const recoveryMs =
    recoveredS === undefined || span.endMs === undefined
      ? undefined
      : Math.max(0, recoveredS * 1000 - span.endMs);
  const untilS = recoveredS === undefined || !Number.isFinite(recoveredS) ? endS : recoveredS;
  let goodputLost = 0;
  for (let second = Math.floor(span.beginMs / 1000); second < untilS; second++) {
    const [turns, good] = goodput(second);
    goodputLost += turns - good;
  }
  return { span, recoveryMs, goodputLost };
}

/** First second of the first good window; `Infinity` for none, `undefined` if no window fits before the end. */
function firstGoodWindow(goodput: Goodput, fromS: number, endS: number): number | undefined {
  const first = Math.floor(fromS);
  if (first + WINDOW_S > endS) return undefined;
  for (let start = first; start + WINDOW_S <= endS; start++) {
    let turns = 0;
    let good = 0;
    for (let second = start; second < start + WINDOW_S; second++) {
      const [intended, met] = goodput(second);
      turns += intended;
      good += met;
    }
    if (turns >= WINDOW_TURNS && good >= WINDOW_SHARE * turns) return start;
  }
  return Number.POSITIVE_INFINITY;
}

/** Whole seconds from the start barrier to the end of the load. */
function loadEndSecond(fold: RunFold): number {
  const [first] = fold.spans;
  const last = fold.spans.filter(({ phase }) => phase !== "drain").at(-1);
  return first && last ? Math.floor((last.endUs - first.startUs) / 1_000_000) : 0;
}

/** Recoveries as samples of `recovery`, with a note on unknown ones. */
export function sampledRecoveries(
  fold: RunFold,
  ownUs = 0,
): { readonly sampled: Sampled; readonly unmeasured: number } {
  const all = aftermathsOf(fold, ownUs).map(({ recoveryMs }) => recoveryMs);
  const known = all.filter((ms) => ms !== undefined).map((ms) => ms * 1000);
  const ended = known.filter(Number.isFinite).sort((a, b) => a - b);
  const sampled: Sampled = {
    attempts: known.length,
    censored: known.length - ended.length,
    violations: ({ limit, comparison }) =>
      ended.filter((us) => (comparison === "<=" ? us > limit : us >= limit)).length,
    valueAt(share) {
      if (known.length === 0) return undefined;
      const rank = Math.max(1, Math.ceil(Math.round(share * known.length * 1e9) / 1e9));
      return ended[rank - 1] ?? Number.POSITIVE_INFINITY;
    },
    minUs: ended[0],
    maxUs: ended.at(-1),
    meanUs: ended.length === 0 ? undefined : ended.reduce((sum, us) => sum + us, 0) / ended.length,
  };
  return { sampled, unmeasured: all.length - known.length };
}

/** The longest wait for a recovery, microseconds: a lower bound for those that never came. */
export function longestWaitUs(fold: RunFold): number {
  const endMs = loadEndSecond(fold) * 1000;
  return Math.max(0, ...fold.faults.all().map((span) => (endMs - (span.endMs ?? endMs)) * 1000));
}

export function goodputLost(fold: RunFold, ownUs: number): SingleValue {
  const all = aftermathsOf(fold);
  if (all.length === 0) return { value: undefined, n: 0, violations: 0, note: "the run had no fault" };
  const lostBy = (aftermaths: readonly Aftermath[]): number =>
    aftermaths.reduce((sum, one) => sum + one.goodputLost, 0);
  const lost = lostBy(all);
  return { value: lost, withoutOwn: lostBy(aftermathsOf(fold, ownUs)), n: all.length, violations: lost };
}

/** Good turns per second from each fault to its recovery, relative to the hold's calm seconds. */
export function goodputKept(fold: RunFold, ownUs: number): SingleValue {
  const endS = loadEndSecond(fold);
  const disturbed = new Set<number>();
  for (const { span, recoveryMs } of aftermathsOf(fold)) {
    const recovered = span.endMs === undefined ? Number.POSITIVE_INFINITY : span.endMs + (recoveryMs ?? 0);
    const untilS = Math.min(endS, Math.ceil(recovered / 1000));
    for (let second = Math.floor(span.beginMs / 1000); second < untilS; second++) disturbed.add(second);
  }
  const held = fold.points.filter(({ phase }) => isJudged(phase)).map(({ second }) => second);
  const disturbedSeconds = held.filter((second) => disturbed.has(second));
  const within = rateOf(goodputOf(fold, 0), disturbedSeconds);
  const atBest = rateOf(goodputOf(fold, ownUs), disturbedSeconds);
  const calmSeconds = held.filter((second) => !disturbed.has(second));
  const calm = rateOf(goodputOf(fold, 0), calmSeconds);
  const n = held.length;
  if (within === undefined)
    return { value: undefined, n, violations: 0, note: "no second of the hold had a fault" };
  if (calm === undefined || calm === 0 || calmSeconds.length < MIN_CALM_S)
    return { value: undefined, n, violations: 0, note: "the hold has too few calm seconds to compare with" };
  return { value: within / calm, withoutOwn: (atBest ?? within) / calm, n, violations: 0 };
}

function rateOf(goodput: Goodput, seconds: readonly number[]): number | undefined {
  if (seconds.length === 0) return undefined;
  return seconds.reduce((sum, second) => sum + goodput(second)[1], 0) / seconds.length;
}
