// The open load as pure arithmetic: how many starts are due by any instant, how many to expect, and when each phase is.
//
// Exact in integers. A rate is a whole number of starts per 1,000 hours, time is whole microseconds, and the starts due
// by an instant are the area under the rate. Areas are in halves of (starts per 1,000 hours · microseconds), because a
// ramp from a to b over T has the area (a + b)/2 · T.
import type { PhaseSpan } from "../model/log/phase.js";
import type { ArrivalsLoad } from "../scenarios/scenario.js";
import type { WholeRange } from "../scenarios/schema/fields.js";
import { type Random, randomFrom } from "../support/random.js";
import { type Stage, stageSpans } from "./stages.js";

/** Microseconds in 1,000 hours, the unit of rates: in it `5/h`, `300/m` and `0.5/s` are all whole numbers. */
const RATE_SPAN_US = 3_600_000_000_000n;
/** Positions in the sequence of starts are in millionths of a start, to allow for random gaps. */
export const POSITIONS_PER_START = 1_000_000;
/** Area of one position. */
const AREA_PER_POSITION = (2n * RATE_SPAN_US) / BigInt(POSITIONS_PER_START);

/** The rate per second of a whole rate. */
export function perSecond(rate: number): number {
  return rate / 3_600_000;
}

/** From the first session's connect to the end of the last hold, microseconds. */
export function arrivalsDurationUs(load: ArrivalsLoad): number {
  return load.stages.reduce((total, stage) => total + stage.rampUs + stage.holdUs, load.joinUs);
}

/** When session number `session` connects, microseconds after the ramp starts: evenly over the time to join. */
export function joinOffsetUs(load: ArrivalsLoad, session: number): number {
  return Math.ceil((load.joinUs * session) / load.sessions);
}

/** First joining, then ramps and holds of the rate; absolute, from `startUs` on. */
export function arrivalSpans(load: ArrivalsLoad, startUs: number): readonly PhaseSpan[] {
  const stages: Stage[] = load.stages.map(({ rate, rampUs, holdUs }) => ({
    rampUs,
    holdUs,
    label: rateText(rate),
  }));
  const spans: PhaseSpan[] = [];
  if (load.joinUs > 0) {
    const label = `${load.sessions} sessions join`;
    spans.push({ key: "ramp/join", phase: "ramp", label, startUs, endUs: startUs + load.joinUs });
  }
  return [...spans, ...stageSpans(stages, startUs + load.joinUs)];
}

/** A whole rate as people write it, in the unit that keeps it above 1: `20/s`, `30/m`, `5/h`. */
export function rateText(rate: number): string {
  const units = [
    [3_600_000, "s"],
    [60_000, "m"],
    [1000, "h"],
  ] as const;
  const [size, unit] = units.find(([one]) => rate >= one) ?? units[2];
  return `${Math.round((rate / size) * 1000) / 1000}/${unit}`;
}

/** A span in which the rate changes linearly. */
interface Piece {
  readonly fromUs: bigint;
  readonly lengthUs: bigint;
  readonly from: bigint;
  readonly to: bigint;
  /** Area under all pieces before this one, and including it. */
  readonly before: bigint;
  readonly after: bigint;
}

/** The sequence of starts of a load. Times are microseconds since the end of joining. */
export class StartCurve {
  readonly #pieces: readonly Piece[];
  /** Piece where the search for the next instant starts: callers ask for positions in ascending order. */
  #at = 0;

  constructor(load: ArrivalsLoad) {
    const pieces: Piece[] = [];
    let fromUs = 0n;
    let before = 0n;
    let rate = 0n;
    const add = (from: bigint, to: bigint, us: number): void => {
      const lengthUs = BigInt(us);
      if (lengthUs === 0n) return;
      const after = before + (from + to) * lengthUs;
      pieces.push({ fromUs, lengthUs, from, to, before, after });
      fromUs += lengthUs;
      before = after;
    };
    for (const stage of load.stages) {
      const next = BigInt(stage.rate);
      add(rate, next, stage.rampUs);
      add(next, next, stage.holdUs);
      rate = next;
    }
    this.#pieces = pieces;
  }

  /** Whole starts due before an instant, if evenly spaced. */
  countBefore(us: number): number {
    const area = this.#areaTwiceTimesLength(BigInt(Math.max(0, us)));
    return Number((area.value + area.unit - 1n) / area.unit);
  }

  /** Number of positions due before an instant: a start at a smaller position is due before it. */
  positionsBefore(us: number): number {
    const area = this.#areaTwiceTimesLength(BigInt(Math.max(0, us)));
    const [value, unit] = [area.value * BigInt(POSITIONS_PER_START), area.unit];
    return Number((value + unit - 1n) / unit);
  }

  /**
   * The microsecond in which a position is reached: the last one by which no more than it is due.
   * `undefined` if the load ends first. Ask for positions in ascending order.
   */
  instantOf(position: number): number | undefined {
    const target = BigInt(position) * AREA_PER_POSITION;
    while ((this.#pieces[this.#at]?.after ?? target + 1n) <= target) this.#at++;
    const piece = this.#pieces[this.#at];
    return piece && Number(piece.fromUs + timeWithin(piece, target - piece.before));
  }

  /** The area up to an instant as a fraction: in a ramp, its length is the denominator. */
  #areaTwiceTimesLength(us: bigint): { readonly value: bigint; readonly unit: bigint } {
    let last: Piece | undefined;
    for (const piece of this.#pieces) {
      last = piece;
      const at = us - piece.fromUs;
      if (at >= piece.lengthUs) continue;
      const { lengthUs, from, to, before } = piece;
      const value = before * lengthUs + 2n * from * at * lengthUs + (to - from) * at * at;
      return { value, unit: 2n * RATE_SPAN_US * lengthUs };
    }
    return { value: last?.after ?? 0n, unit: 2n * RATE_SPAN_US };
  }
}

/** The last whole microsecond of a piece at which the area since its start is no more than `area`. */
function timeWithin({ from, to, lengthUs }: Piece, area: bigint): bigint {
  const slope = to - from;
  if (slope === 0n) return area / (2n * from);
  // slope·t² + 2·from·length·t = area·length, solved for t.
  const half = from * lengthUs;
  const discriminant = half * half + slope * area * lengthUs;
  const root = squareRoot(discriminant);
  if (slope > 0n) return (root - half) / slope;
  const rootAbove = root * root === discriminant ? root : root + 1n;
  return (half - rootAbove) / -slope;
}

/** ⌊√n⌋ by Newton's method, from the float's root. */
function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let root = BigInt(Math.floor(Math.sqrt(Number(n)))) + 1n;
  for (;;) {
    const next = (root + n / root) / 2n;
    const settled = next === root || next === root + 1n || next === root - 1n;
    root = next;
    if (settled) break;
  }
  while (root * root > n) root--;
  while ((root + 1n) * (root + 1n) <= n) root++;
  return root;
}

/**
 * Positions of the starts in their sequence, ascending. Random gaps are gamma-distributed with a mean of one start, as in
 * `vllm bench serve --burstiness`: with a shape of 1 they are exponential, a Poisson process. Since they are gaps between
 * positions and not in time, random starts follow ramps as even ones do.
 */
export function positions({ burstiness }: ArrivalsLoad, seed: number): () => number {
  const random = burstiness === undefined ? undefined : randomFrom(seed, "arrivals");
  let position = random ? 0 : -POSITIONS_PER_START;
  return () => {
    const gap = random && burstiness !== undefined ? gamma(burstiness, random) / burstiness : 1;
    position += Math.round(gap * POSITIONS_PER_START);
    return position;
  };
}

/** Draws from the gamma distribution of this shape and scale 1; its mean is the shape. */
function gamma(shape: number, random: Random): number {
  if (shape === 1) return -Math.log(1 - random.next());
  // Below 1, from a shape higher by one: G. Marsaglia, W. W. Tsang, A simple method for generating gamma variables, 2000.
  if (shape < 1) return gamma(shape + 1, random) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < x * x * 0.5 + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Draws from the standard normal distribution (Box–Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Passes through journeys that start in the holds and in the ramps of a load. */
export interface Iterations {
  readonly hold: number;
  readonly ramp: number;
}

/** Up to this many random starts are generated and counted; beyond that, the rates are accurate enough. */
const MAX_DRAWN = 100_000;

/** @param seed of the scenario: the random starts are those that the run will make */
export function expectedStarts(load: ArrivalsLoad, seed: number): Iterations {
  if (load.trace) return { hold: load.trace.atUs.length, ramp: 0 };
  let [hold, ramp, before] = [0, 0, 0];
  for (const stage of load.stages) {
    const rate = perSecond(stage.rate);
    ramp += (((before + rate) / 2) * stage.rampUs) / 1_000_000;
    hold += (rate * stage.holdUs) / 1_000_000;
    before = rate;
  }
  return load.burstiness === undefined || hold + ramp > MAX_DRAWN ? { hold, ramp } : drawnStarts(load, seed);
}

/** Random starts, counted one by one as the run will make them. */
function drawnStarts(load: ArrivalsLoad, seed: number): Iterations {
  const curve = new StartCurve(load);
  const next = positions(load, seed);
  const drawn = { hold: 0, ramp: 0 };
  let position = next();
  for (const { phase, endUs } of stretchesOf(load))
    for (const end = curve.positionsBefore(endUs); position < end; position = next()) drawn[phase]++;
  return drawn;
}

/**
 * Consecutive passes of sessions: a pass that has not started when the load ends is not made.
 * @param starts of the sessions, as {@link expectedStarts} counts them
 */
export function expectedPasses(
  load: ArrivalsLoad,
  { from, to }: WholeRange,
  starts: Iterations,
  passUs: number,
): Iterations {
  const even = new StartCurve(load);
  const sum = { hold: 0, ramp: 0 };
  for (let pass = 0; pass < to; pass++) {
    // How many sessions reach this pass, and how long after their start.
    const share = Math.min(1, (to - pass) / (to - from + 1));
    const behindUs = pass * passUs;
    let loadUs = 0;
    for (const { phase, startUs, endUs } of stretchesOf(load)) {
      sum[phase] += share * (even.countBefore(endUs - behindUs) - even.countBefore(startUs - behindUs));
      loadUs = endUs;
    }
    if (behindUs >= loadUs) break;
  }
  const [evenly, drawn] = [even.countBefore(Number.MAX_SAFE_INTEGER), starts.hold + starts.ramp];
  const more = evenly === 0 ? 1 : drawn / evenly;
  return { hold: sum.hold * more, ramp: sum.ramp * more };
}

/** Ramps and holds in their order, microseconds since the starts begin. */
function stretchesOf({ stages }: ArrivalsLoad) {
  let endUs = 0;
  return stages.flatMap(({ rampUs, holdUs }) =>
    [["ramp", rampUs] as const, ["hold", holdUs] as const].map(([phase, us]) => {
      const startUs = endUs;
      endUs += us;
      return { phase, startUs, endUs };
    }),
  );
}
