// One worker's share of an open load's starts, one instant after the other: even, or by chance from a seed.
import type { ArrivalsLoad } from "../scenarios/scenario.js";
import { type Random, randomFrom } from "../support/random.js";
import { POSITIONS_PER_START, StartCurve } from "./arrivals.js";

export interface Pacer {
  /** The next start, microseconds since the starts begin, ascending; `undefined` when there is none any more. */
  next(): number | undefined;
}

/**
 * Start k of the load belongs to worker `k mod workers`: the shares sum to the whole, whatever their number. A load by
 * chance is a Poisson process: gaps in its row of starts are exponential with a mean of one start, so that it follows
 * ramps as an even one does. Each worker draws the whole row from the same seed, and takes its own.
 */
export function pacerOf(load: ArrivalsLoad, seed: number, worker = 0, workers = 1): Pacer {
  const curve = new StartCurve(load);
  const random = load.poisson ? randomFrom(seed, "arrivals") : undefined;
  let start = -1;
  let position = random ? 0 : -POSITIONS_PER_START;
  const advance = (): void => {
    start++;
    position += random ? exponentialGap(random) : POSITIONS_PER_START;
  };
  return {
    next() {
      do advance();
      while (start % workers !== worker);
      return curve.instantOf(position);
    },
  };
}

function exponentialGap(random: Random): number {
  return Math.round(-Math.log(1 - random.next()) * POSITIONS_PER_START);
}
