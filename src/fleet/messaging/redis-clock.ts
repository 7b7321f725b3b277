// The offset of Redis' clock, the common clock of a fleet, from this machine's, with its uncertainty.
import { nowUs } from "../../support/clock.js";

/** What one side knows about the common clock, microseconds. */
export interface ClockReading {
  /** Redis' clock minus this machine's monotonic one. */
  readonly offsetUs: number;
  /** Uncertainty of the offset: half the shortest round trip, since the times there and back may differ. */
  readonly uncertaintyUs: number;
}

/** TIME of Redis, as `[seconds, microseconds]`. */
export type AskTime = () => Promise<readonly (number | string)[]>;

/** The best of several readings: the one with the shortest round trip. Rejects if Redis does not answer. */
export async function readClock(
  ask: AskTime,
  times: number,
  now: () => number = nowUs,
): Promise<ClockReading> {
  let best: ClockReading = { offsetUs: 0, uncertaintyUs: Number.POSITIVE_INFINITY };
  for (let time = 0; time < times; time++) {
    const before = now();
    const [seconds, microseconds] = await ask();
    const after = now();
    const uncertaintyUs = Math.ceil((after - before) / 2) + 1;
    if (uncertaintyUs >= best.uncertaintyUs) continue;
    const redisUs = Number(seconds) * 1_000_000 + Number(microseconds);
    best = { offsetUs: Math.round(redisUs - (before + after) / 2), uncertaintyUs };
  }
  return best;
}

/** Offset of a worker's clocks from the coordinator's, microseconds. */
export interface Shift {
  /** Its monotonic clock minus the coordinator's. */
  readonly monoUs: number;
  /** Its wall clock minus the coordinator's, at the start of its part of the run. */
  readonly wallUs: number;
  /** Uncertainty of both. */
  readonly uncertaintyUs: number;
}

export const NO_SHIFT: Shift = { monoUs: 0, wallUs: 0, uncertaintyUs: 0 };

export interface ClockState {
  readonly reading: ClockReading;
  readonly wallMinusMonoUs: number;
}

export function shiftBetween(worker: ClockState, own: ClockState): Shift {
  const monoUs = own.reading.offsetUs - worker.reading.offsetUs;
  return {
    monoUs,
    wallUs: monoUs + worker.wallMinusMonoUs - own.wallMinusMonoUs,
    uncertaintyUs: worker.reading.uncertaintyUs + own.reading.uncertaintyUs,
  };
}
