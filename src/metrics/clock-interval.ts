// What can be known of a server's clock, and event delivery measured against it: an interval, never a guess.
//
// θ = server clock − client clock. No event is received before it is emitted, none is emitted before its
// message was sent, so max(emitted − received) ≤ θ ≤ min(emitted − sent), over every stamped frame.

/** Bounds of θ in microseconds. Empty (`lowUs > highUs`) means that the stamps cannot be trusted. */
export class ClockInterval {
  lowUs = Number.NEGATIVE_INFINITY;
  highUs = Number.POSITIVE_INFINITY;
  stamped = 0;

  /** A stamped frame: both instants in the client's wall time, microseconds. `notBeforeUs` NaN when nothing bounds it. */
  observe(emittedUs: number, receivedUs: number, notBeforeUs: number): void {
    this.stamped++;
    if (emittedUs - receivedUs > this.lowUs) this.lowUs = emittedUs - receivedUs;
    if (emittedUs - notBeforeUs < this.highUs) this.highUs = emittedUs - notBeforeUs;
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
