// One worker's share of an open load's starts, in order: evenly spaced, or random from a seed.
import type { ArrivalsLoad, Trace } from "../scenarios/scenario.js";
import type { WholeRange } from "../scenarios/schema/fields.js";
import { randomFrom } from "../support/random.js";
import { positions, StartCurve } from "./arrivals.js";

/** One start of an open load. */
export interface Start {
  /** When it is due, microseconds after the first possible start. */
  readonly atUs: number;
  /** Its number in the whole load, from 0. */
  readonly number: number;
}

export interface Pacer {
  /** The next start, in ascending order of time; `undefined` if there are no more. */
  next(): Start | undefined;
}

/**
 * Start k of the load belongs to worker `k mod workers`, so any number of shares adds up to the whole. Each worker draws
 * the whole sequence from the same seed, and takes its own starts.
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

/** Passes through the loop in this start's session: the same, whichever user runs it. */
export function passesOfSession({ from, to }: WholeRange, seed: number, start: number): number {
  return from + randomFrom(seed, "turns of a session", start).below(to - from + 1);
}
