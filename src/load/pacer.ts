// One worker's share of an open load's starts, one instant after the other: even, or by chance from a seed.
import type { ArrivalsLoad, Trace } from "../scenarios/scenario.js";
import type { WholeRange } from "../scenarios/schema/fields.js";
import { type Random, randomFrom } from "../support/random.js";
import { POSITIONS_PER_START, StartCurve } from "./arrivals.js";

/** One start of an open load. */
export interface Start {
  /** When it is due; the pacer gives it in microseconds from the first possible start. */
  readonly atUs: number;
  /** Which one of the whole load's, from 0. */
  readonly number: number;
}

export interface Pacer {
  /** The next start, in ascending order of time; `undefined` if there are no more. */
  next(): Start | undefined;
}

/**
 * Start k of the load belongs to worker `k mod workers`: the shares sum to the whole, whatever their number. Each
 * worker draws the whole row from the same seed, and takes its own.
 */
export function pacerOf(load: ArrivalsLoad, seed: number, worker = 0, workers = 1): Pacer {
  if (load.trace) return recordedStarts(load.trace, worker, workers);
  const curve = new StartCurve(load);
  const nextPosition = positions(load, seed);
  let start = -1;
  return {
    next() {
      let position: number;
      do {
        position = nextPosition();
        start++;
      } while (start % workers !== worker);
      const atUs = curve.instantOf(position);
      return atUs === undefined ? undefined : { atUs, number: start };
    },
  };
}

function recordedStarts({ atUs: row }: Trace, worker: number, workers: number): Pacer {
  let number = worker - workers;
  return {
    next() {
      number += workers;
      const atUs = row[number];
      return atUs === undefined ? undefined : { atUs, number };
    },
  };
}

/**
 * Positions of the starts in their row, ascending. By chance, gaps are gamma-distributed with a mean of one start, as in
 * `vllm bench serve --burstiness`: with a shape of 1 they are exponential, a Poisson process. Since they are gaps in the
 * row and not in time, starts by chance follow ramps as even ones do.
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

/** Passes through the loop that the session of this start takes: the same, whoever takes it. */
export function turnsOfSession({ from, to }: WholeRange, seed: number, start: number): number {
  return from + randomFrom(seed, "turns of a session", start).below(to - from + 1);
}

/** Draws from the gamma distribution of this shape and scale 1; its mean is the shape. */
function gamma(shape: number, random: Random): number {
  if (shape === 1) return -Math.log(1 - random.next());
  // Below 1, by one shape higher: G. Marsaglia, W. W. Tsang, A simple method for generating gamma variables, 2000.
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
