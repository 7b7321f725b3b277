// The only place that reads a clock: one monotonic clock in integer microseconds, and its offset to wall time.

/**
 * Offset between `performance.now()` (per process) and CLOCK_MONOTONIC (one for the machine), so that
 * times in different processes on one machine can be compared. Unit: microseconds.
 */
const machineOffsetUs = measureMachineOffsetUs();

function measureMachineOffsetUs(): number {
  let best = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = performance.now();
    const machineNs = process.hrtime.bigint();
    const after = performance.now();
    if (after - before < best) {
      best = after - before;
      offset = Number(machineNs / 1000n) - Math.round(((before + after) / 2) * 1000);
    }
  }
  return offset;
}

/** Now on the machine's monotonic clock, in integer microseconds. Comparable between processes of one machine. */
export function nowUs(): number {
  return instantUs(performance.now());
}

/** On the same clock, the time of a performance entry of this process. */
export function instantUs(performanceMs: number): number {
  return Math.round(performanceMs * 1000) + machineOffsetUs;
}

/** Now as wall time in integer microseconds since the Unix epoch. Follows clock steps: never subtract two of these. */
export function wallNowUs(): number {
  return Math.round(Date.now() * 1000);
}

/**
 * Wall time minus monotonic time, in integer microseconds, to about 10 µs. Waits (a few milliseconds) for the wall
 * clock's millisecond to tick over, since `Date.now()` has no better resolution. Measuring again shows whether the wall
 * clock was stepped.
 */
export function wallMinusMonoUs(): number {
  // A process that loses its core at the tick reads late, and so too small a value: the largest is the best.
  return Math.max(readAtTick(), readAtTick(), readAtTick());
}

function readAtTick(): number {
  const start = Date.now();
  let wallMs = Date.now();
  for (let spins = 0; wallMs === start && spins < 200_000; spins++) wallMs = Date.now();
  return wallMs * 1000 - nowUs();
}

/** {@link wallMinusMonoUs} without waiting, to a millisecond: enough to notice steps of the wall clock. */
export function roughWallMinusMonoUs(): number {
  return wallNowUs() - nowUs();
}

/** What everything else needs from time; tests inject a fake. */
export interface Clock {
  nowUs(): number;
  /** Calls back at or after `atUs`, never early. Returns a function that cancels. */
  at(atUs: number, callback: () => void): () => void;
}

/** The real clock. Checks again after a timer that fired early (in Node, by up to 2 ms). */
export const systemClock: Clock = {
  nowUs,
  at(atUs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const leftUs = atUs - nowUs();
      if (leftUs <= 0) callback();
      else timer = setTimeout(arm, Math.min(MAX_TIMER_MS, Math.ceil(leftUs / 1000)));
    };
    timer = setTimeout(arm, Math.min(MAX_TIMER_MS, Math.max(0, Math.ceil((atUs - nowUs()) / 1000))));
    return () => clearTimeout(timer);
  },
};

/** Never resolves early. */
export function sleep(us: number, clock: Clock = systemClock): Promise<void> {
  return sleepUntil(clock.nowUs() + us, clock);
}

/** Never resolves early. */
export function sleepUntil(atUs: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.at(atUs, resolve));
}

/** Waits for `done`, but not longer than `us`. */
export async function within(us: number, done: Promise<unknown>, clock: Clock = systemClock): Promise<void> {
  let cancel = (): void => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.at(clock.nowUs() + us, resolve);
  });
  try {
    await Promise.race([done, late]);
  } finally {
    cancel();
  }
}

/** Longest timer in Node. */
const MAX_TIMER_MS = 2_147_483_647;
