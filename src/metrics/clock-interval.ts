// What can be known of a server's clock, and event delivery measured against it: an interval, never a guess.
//
// θ = server clock − client clock. No event is received before it is emitted, none is emitted before its
// message was sent, so max(emitted − received) ≤ θ ≤ min(emitted − sent), over every stamped frame.

/** Bounds of θ in microseconds. Empty (`lowUs > highUs`) means that the stamps cannot be trusted. */
export class ClockInterval {
  lowUs = Number.NEGATIVE_INFINITY;
  highUs = Number.POSITIVE_INFINITY;
  stamped = 0;

  /**
   * A stamped frame: both instants in the client's wall time, microseconds. `notBeforeUs` NaN when nothing bounds it.
   * @param coarsenessUs how much later than its stamp the frame may have been emitted: stamps in whole
   *   milliseconds are cut off, and would else contradict a fast answer
   */
  observe(emittedUs: number, receivedUs: number, notBeforeUs: number, coarsenessUs = 0): void {
    this.stamped++;
    const latestUs = emittedUs + coarsenessUs;
    if (emittedUs - receivedUs > this.lowUs) this.lowUs = emittedUs - receivedUs;
    if (latestUs - notBeforeUs < this.highUs) this.highUs = latestUs - notBeforeUs;
  }

  /** Narrows to what another worker of the same machine (and clock) knows. */
  merge(other: { readonly lowUs: number; readonly highUs: number; readonly stamped: number }): void {
    this.stamped += other.stamped;
    this.lowUs = Math.max(this.lowUs, other.lowUs);
    this.highUs = Math.min(this.highUs, other.highUs);
  }

  get known(): boolean {
    return Number.isFinite(this.lowUs) && Number.isFinite(this.highUs);
  }

  get empty(): boolean {
    return this.lowUs > this.highUs;
  }
}

/**
 * What a stamp may have lost, microseconds: a whole second or millisecond is taken for one that was cut off. Now
 * and then a precise stamp looks like that by chance; then this one frame says a little less.
 */
export function coarsenessOf(stampUs: number): number {
  if (stampUs % 1_000_000 === 0) return 1_000_000;
  return stampUs % 1000 === 0 ? 1000 : 0;
}

/** Width of a bucket of {@link DeltaCounts}, microseconds: small against the limits that delivery is judged by. */
export const DELTA_BUCKET_US = 250;

/**
 * Counts of received − emitted while θ is still unknown, in linear buckets, since a histogram with relative
 * precision would lose milliseconds behind an offset of hours. `delivery = delta + θ`.
 */
export class DeltaCounts {
  readonly #counts = new Map<number, number>();
  total = 0;

  add(deltaUs: number, count = 1): void {
    const bucket = Math.floor(deltaUs / DELTA_BUCKET_US);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.total += count;
  }

  /** [lower edge in microseconds, count], ascending. */
  buckets(): readonly (readonly [number, number])[] {
    return [...this.#counts]
      .sort(([a], [b]) => a - b)
      .map(([bucket, count]) => [bucket * DELTA_BUCKET_US, count] as const);
  }
}
