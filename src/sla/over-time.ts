// What grows under constant load: latencies, errors and memory, second half of a hold compared with the first.
import type { RunFold, SecondPoint } from "../metrics/run-fold.js";
import { isJudged } from "../model/log/phase.js";
import { DEGRADING, type OverTimeMetric } from "../model/metric.js";
import { formatBytes } from "../support/units.js";
import { degradationOf } from "./degradation.js";
import { type SingleValue, sampledOf } from "./evidence.js";
import { type Series, type Trend, trendOf } from "./statistics/trend.js";

/** Less growth of memory does not matter, whatever its factor. */
const NEGLIGIBLE_BYTES = 8 * 1_048_576;
/** Memory with less than this share of its slope in the second half has warmed up, and stopped growing. */
const GROWS_ON = 1 / 3;

/** One figure of one hold. `us`: p95 of seconds; `ratio`: errors per ended turn; `bytes`: floor of memory; `number`: a metric of the target. */
export interface OverTime {
  /** A duration, `errors`, `target.memory`, `server.<name>` or `generator.memory`. */
  readonly name: string;
  /** Phase key of the hold. */
  readonly hold: string;
  readonly unit: "us" | "ratio" | "bytes" | "number";
  readonly trend: Trend;
}

/** All trends with enough seconds; latencies only if there is a rule on `degradation.over-time`. */
export function trendsOver(fold: RunFold): readonly OverTime[] {
  const calm = calmOf(fold);
  return holdsOf(fold).flatMap((hold) =>
    [
      ...DEGRADING.map((metric) => latencyOver(fold, hold, metric, calm)),
      errorsOver(fold, hold, calm),
      targetMemoryOver(fold, hold),
      ...serverOver(fold, hold),
      ...generatorMemoryOver(fold, hold),
    ].filter((one) => one !== undefined),
  );
}

/**
 * One of the metrics over time.
 * @param ownDelayUs the most that the generator itself may have added in one half
 */
export function judgedOverTime(metric: OverTimeMetric, fold: RunFold, ownDelayUs = 0): SingleValue {
  const worstOfHolds = (
    of: (hold: string) => readonly (SingleValue | undefined)[],
    note: string,
  ): SingleValue =>
    holdsOf(fold)
      .flatMap(of)
      .filter((one) => one !== undefined)
      .reduce<SingleValue>((worst, next) => ((next.value ?? -1) > (worst.value ?? -1) ? next : worst), {
        value: undefined,
        n: 0,
        violations: 0,
        note,
      });
  switch (metric) {
    case "degradation.over-time":
      return degradationOverTime(fold, ownDelayUs);
    case "errors.over-time": {
      const calm = calmOf(fold);
      return worstOfHolds(
        (hold) => [errorGrowth(errorsOver(fold, hold, calm))],
        "the hold has too few seconds with turns",
      );
    }
    case "target.memory.over-time":
      return worstOfHolds(
        (hold) => [memoryGrowth(targetMemoryOver(fold, hold), "the target")],
        "the target did not report its memory for long enough",
      );
    case "generator.memory.over-time":
      return worstOfHolds(
        (hold) => generatorMemoryOver(fold, hold).map((one) => memoryGrowth(one, "a worker")),
        "the hold has too few seconds",
      );
  }
}

/**
 * The largest factor of all holds. Leaves out event delivery with an unknown clock: a ratio of times with an unknown offset
 * means nothing.
 */
function degradationOverTime(fold: RunFold, ownDelayUs: number): SingleValue {
  const { halves, rules, faults } = fold;
  const calm = calmOf(fold);
  const tooFew = `the halves of the hold have too few samples${faults.all().length > 0 ? " outside of faults" : ""}`;
  const nothing: SingleValue = { value: undefined, n: 0, violations: 0, note: tooFew };
  const judged = (halves?.phases ?? []).map((phase) => {
    const view = (half: 0 | 1) => (metric: string) => {
      const part = halves?.of(phase, metric)?.[half];
      return part && sampledOf(part, []);
    };
    const beyondChance = (metric: string) => latencyOver(fold, phase, metric, calm)?.trend.grows;
    return degradationOf(rules, view(0), view(1), { tooFew, beyondChance, ownDelayUs });
  });
  return judged.reduce((worst, next) => ((next.value ?? 0) > (worst.value ?? 0) ? next : worst), nothing);
}

function errorGrowth(errors: OverTime | undefined): SingleValue | undefined {
  if (!errors) return undefined;
  const { grows, rise, blocks } = errors.trend;
  const percent = Math.round(rise.value * 10_000) / 100;
  if (rise.value <= 0)
    return { value: 0, n: blocks, violations: 0, note: "the share of errors did not grow" };
  return grows
    ? { value: rise.value, n: blocks, violations: 0 }
    : {
        value: 0,
        n: blocks,
        violations: 0,
        note: `${percent} % more errors are within chance`,
      };
}

function memoryGrowth(memory: OverTime | undefined, whose: string): SingleValue | undefined {
  if (!memory) return undefined;
  const { first, second, slope, lateSlope, grows, blocks } = memory.trend;
  const change = `${whose}: ${formatBytes(Math.round(first))} → ${formatBytes(Math.round(second))}`;
  const none = (note: string): SingleValue => ({ value: 1, n: blocks, violations: 0, note });
  if (second - first < NEGLIGIBLE_BYTES) return none(`${change}: less than 8 MiB more`);
  if (!grows) return none(`${change} is within chance`);
  if (lateSlope < slope.value * GROWS_ON) return none(`${change}, and then no further`);
  return { value: second / Math.max(1, first), n: blocks, violations: 0, note: change };
}

function holdsOf(fold: RunFold): readonly string[] {
  return [...new Set(fold.spans.map(({ key }) => key).filter(isJudged))];
}

type Calm = (series: Series) => Series;

/** Removes values during and just after a fault from a series: they may all be in one half. */
function calmOf({ faults, points }: RunFold): Calm {
  const disturbed = faults.disturbed(points.at(-1)?.second ?? 0);
  return (series) => (disturbed.size === 0 ? series : series.filter(([second]) => !disturbed.has(second)));
}

function latencyOver(fold: RunFold, hold: string, metric: string, calm: Calm): OverTime | undefined {
  const { halves } = fold;
  const trend = halves && trendOf(calm(halves.p95Of(hold, metric)), "median", halves.middleOf(hold));
  return trend && { name: metric, hold, unit: "us", trend };
}

function errorsOver(fold: RunFold, hold: string, calm: Calm): OverTime | undefined {
  const { points } = fold;
  const series: Series = points
    .filter(({ phase, turnsEnded }) => phase === hold && turnsEnded > 0)
    .map(({ second, errors, turnsEnded }) => [second, sum(Object.values(errors)) / turnsEnded]);
  const trend = trendOf(calm(series), "mean");
  return trend && { name: "errors", hold, unit: "ratio", trend };
}

function targetMemoryOver({ points, targetMemory }: RunFold, hold: string): OverTime | undefined {
  const held = new Set(points.filter(({ phase }) => phase === hold).map(({ second }) => second));
  const trend = trendOf(
    targetMemory.filter(([second]) => held.has(second)),
    "least",
  );
  return trend && { name: "target.memory", hold, unit: "bytes", trend };
}

function serverOver({ points, server }: RunFold, hold: string): readonly OverTime[] {
  const held = new Set(points.filter(({ phase }) => phase === hold).map(({ second }) => second));
  return [...server].flatMap(([name, values]) => {
    const trend = trendOf(
      values.filter(([second]) => held.has(second)),
      "median",
    );
    return trend ? [{ name: `server.${name}`, hold, unit: "number" as const, trend }] : [];
  });
}

/** One per worker. */
function generatorMemoryOver({ points }: RunFold, hold: string): readonly OverTime[] {
  const held = points.filter(({ phase }) => phase === hold);
  const workers = new Set(held.flatMap(({ generator }) => generator.map(({ worker }) => worker)));
  return [...workers].flatMap((worker) => {
    const trend = trendOf(memoryOf(held, worker), "least");
    return trend ? [{ name: "generator.memory", hold, unit: "bytes" as const, trend }] : [];
  });
}

/** Heap with external memory: resident memory would include V8's reserves. */
function memoryOf(points: readonly SecondPoint[], number: number): Series {
  return points.flatMap(({ second, generator }) =>
    generator
      .filter(({ worker }) => worker === number)
      .map(({ heapBytes, rssBytes }) => [second, heapBytes ?? rssBytes] as const),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
