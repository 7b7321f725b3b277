// The generator's own effect on a run: how late it was, when it stood still, and how much of the load it offered.
import type { Distribution } from "../metrics/distribution.js";
import type { RunFold, SecondPoint } from "../metrics/run-fold.js";
import { TICK_PERIOD_US } from "../metrics/ticks.js";
import { isJudged } from "../model/log/phase.js";
import type { StartCounts } from "../model/log/starts.js";
import type { Statistic } from "../model/verdict.js";

/** Share of the planned load that must be offered in the hold. */
export const MIN_OFFERED = 0.98;

/** A time in which a worker did nothing at all: it was stopped, suspended, or got no CPU. */
export interface Standstill {
  readonly worker: number;
  /** Second of the run in which it began. */
  readonly second: number;
  readonly us: number;
}

/** How late the generator was in the hold and the drain after it, microseconds. */
export interface OwnDelays {
  /** The larger p99 of send lag and loop delay in the hold. */
  readonly p99Us: number;
  /** The most that it may have added to a percentile: p99.9 of send lag and loop delay together. */
  readonly percentileUs: number;
  /** The most that it may have added to a single sample. */
  readonly maxUs: number;
  readonly standstills: readonly Standstill[];
  /** Share of the hold in which an embedded backend, on this machine, waited for a core. */
  readonly backendWaitShare: number;
}

/** An embedded backend that waits for less of a second than this is as fast as on its own machine. */
const CALM_WAIT_US = 100_000;

export const NO_OWN_DELAY: OwnDelays = {
  p99Us: 0,
  percentileUs: 0,
  maxUs: 0,
  standstills: [],
  backendWaitShare: 0,
};

export function longestStandstillUs({ standstills }: OwnDelays): number {
  return Math.max(0, ...standstills.map(({ us }) => us));
}

/** The most that the generator may have added to an observed statistic, microseconds. */
export function mayHaveAddedUs(own: OwnDelays, { kind }: Statistic): number {
  return kind === "percentile" || kind === "mean" ? own.percentileUs : own.maxUs;
}

/** Own delays recorded so far; for the live view and the report. */
export function ownDelaysOf(fold: RunFold): OwnDelays {
  const standstills = standstillsIn(fold.points);
  const longestUs = Math.max(0, ...standstills.map(({ us }) => us));
  const at = (share: number): number =>
    longestOf(fold, "generator.send-lag", share) + longestOf(fold, "generator.loop-delay", share);
  const held = (metric: string): number => fold.held(metric)?.valueAt(0.99) ?? 0;
  const backendUs = longestBackendWaitUs(fold.points);
  return {
    p99Us: Math.max(held("generator.send-lag"), held("generator.loop-delay")),
    // A standstill delays everything that waits for the worker, so it counts in full, however rare.
    percentileUs: Math.max(longestUs, at(0.999)) + backendUs,
    maxUs: Math.max(longestUs, at(1)) + backendUs,
    standstills,
    backendWaitShare: backendWaitShare(fold.points),
  };
}

/**
 * How much an embedded backend's waits may have delayed one answer: late work delays what follows, so the waits of
 * consecutive seconds add up.
 */
function longestBackendWaitUs(points: readonly SecondPoint[]): number {
  let [longest, going] = [0, 0];
  for (const { backendWaitUs } of points) {
    // Included in the record of the second before.
    if (backendWaitUs === undefined) continue;
    going = backendWaitUs < CALM_WAIT_US ? 0 : going + backendWaitUs;
    longest = Math.max(longest, going);
  }
  return longest;
}

function backendWaitShare(points: readonly SecondPoint[]): number {
  const held = points.filter(({ phase }) => isJudged(phase));
  const waitedUs = held.reduce((sum, { backendWaitUs = 0 }) => sum + backendWaitUs, 0);
  return held.length === 0 ? 0 : waitedUs / (held.length * 1_000_000);
}

/** What ends late may end in the drain: hold and drain are looked at separately. */
function longestOf(fold: RunFold, metric: string, share: number): number {
  const drain = fold.merged(metric, (phase) => phase === "drain");
  return Math.max(fold.held(metric)?.valueAt(share) ?? 0, drain?.valueAt(share) ?? 0);
}

function standstillsIn(points: readonly SecondPoint[]): readonly Standstill[] {
  const found: { -readonly [K in keyof Standstill]: Standstill[K] }[] = [];
  const going = new Map<number, (typeof found)[number]>();
  for (const { second, generator } of points) {
    for (const { worker, stoodStillUs = 0 } of generator) {
      const known = going.get(worker);
      if (stoodStillUs === 0) going.delete(worker);
      else if (known) known.us += stoodStillUs;
      else {
        const begun = { worker, second, us: stoodStillUs };
        going.set(worker, begun);
        found.push(begun);
      }
    }
  }
  return found;
}

/** A second in which some worker stood still: its counts are not reliable. */
export function isUnknown({ generator }: SecondPoint): boolean {
  return generator.some(({ stoodStillUs = 0 }) => stoodStillUs > 0);
}

/**
 * Share of the planned load that the generator offered in the hold; `undefined` without a hold.
 *
 * For an open load, the starts that it did not miss. In a closed load, users send less if gp-load sends or reads late: the
 * time lost, as a share of the users' time.
 */
export function offeredShare(fold: RunFold, starts: StartCounts): number | undefined {
  if (starts.planned > 0) return 1 - starts.droppedByGenerator / starts.planned;
  const userUs = fold.points
    .filter(({ phase }) => isJudged(phase))
    .reduce((sum, { usersStarted }) => sum + usersStarted * 1_000_000, 0);
  if (userUs === 0) return undefined;
  const lag = fold.held("generator.send-lag");
  const sentLateUs = (lag?.meanUs ?? 0) * (lag?.count ?? 0);
  const waits = ["agent.response", "history.query", "search.query"].reduce(
    (sum, metric) => sum + (fold.held(metric)?.attempts ?? 0),
    0,
  );
  const { readLateUs, heldUp } = readLate(fold.held("generator.loop-delay"), waits, userUs);
  // A user waiting to send while the loop is blocked waits for no answer; a timer a millisecond late is not a delay.
  return Math.max(0, 1 - Math.min(heldUp, (sentLateUs + readLateUs) / userUs));
}

/**
 * How long answers waited to be read, in total. An answer meets a block of length `d` with the probability of `d` over the
 * whole time, and waits half of it; but no user waits for two answers at once.
 */
function readLate(
  delays: Distribution | undefined,
  waits: number,
  userUs: number,
): { readonly readLateUs: number /** Share of the time. */; readonly heldUp: number } {
  const counts = delays?.counts() ?? [];
  const wholeUs = counts.reduce((sum, [us, count]) => sum + (us + TICK_PERIOD_US) * count, 0);
  if (wholeUs === 0) return { readLateUs: 0, heldUp: 1 };
  const readLateUs = counts.reduce(
    (sum, [us, count]) => sum + count * Math.min((waits / wholeUs) * (us ** 2 / 2), (userUs / wholeUs) * us),
    0,
  );
  return { readLateUs, heldUp: counts.reduce((sum, [us, count]) => sum + us * count, 0) / wholeUs };
}
