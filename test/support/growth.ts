// How the time of a function grows with its input: by ratios inside one run, because a busy machine makes absolute times worthless.

const FLOOR_MS = 10;

/**
 * Quickest of several runs at four times the size against the quickest at the size: about 4 where the time is linear,
 * 16 where it is quadratic. Runs at both sizes take turns, so that a busy spell meets both.
 * @param work one call on an input of that size, which is made before the time is taken
 */
export function growthOf<T>(make: (size: number) => T, work: (input: T) => unknown, size: number): number {
  const [small, large] = [make(size), make(4 * size)];
  let [smallMs, largeMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 5; round++) {
    smallMs = Math.min(
      smallMs,
      timed(() => work(small)),
    );
    largeMs = Math.min(
      largeMs,
      timed(() => work(large)),
    );
  }
  // Readings below this are mostly noise; what is quadratic in the sizes of these tests takes far longer.
  return Math.max(FLOOR_MS, largeMs) / Math.max(FLOOR_MS, smallMs);
}

function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}
