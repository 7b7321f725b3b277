// What can be known of a server's clock, and event delivery measured against it: an interval, never a guess.
//
// θ = server clock − client clock. No event is received before it is emitted, none is emitted before its
// message was sent, so max(emitted − received) ≤ θ ≤ min(emitted − sent), over every stamped frame.

//
// Clocks drift: over hours two of them move apart by more than the interval's width, and earlier bounds contradict later
// ones. So bounds are kept by the minute; if no single θ satisfies them all, those of one minute hold for the others only
// as far as drift allows.

/** One minute's bounds of θ, microseconds: [number of the minute, from, to]. */
export type ClockWindow = readonly [minute: number, lowUs: number, highUs: number];

const WINDOW_US = 60_000_000;
/** Most that two clocks move apart in a minute, microseconds: two quartzes, each off by 50 ppm in opposite directions. */
const DRIFT_US = 6000;

/** Bounds of θ in microseconds over all the time seen. Empty (`lowUs > highUs`) means that the stamps cannot be trusted. */
export class ClockInterval {
  stamped = 0;
  readonly #windows = new Map<number, [lowUs: number, highUs: number]>();
  /** The window of the last frame: the next frame is usually in the same one. */
  #window: [lowUs: number, highUs: number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  #minute = Number.NaN;
  /** The bounds, until something narrows them. */
  #known: readonly [lowUs: number, highUs: number] | undefined;

  /**
   * A stamped frame; all instants are microseconds of wall time. `notBeforeUs` is NaN if nothing bounds it.
   * @param coarsenessUs how much later than its stamp the frame may have been emitted: stamps in whole
   *   milliseconds are truncated, and would otherwise contradict a fast answer
   */
  observe(emittedUs: number, receivedUs: number, notBeforeUs: number, coarsenessUs = 0): void {
    this.stamped++;
    this.#narrow(
      Math.floor(receivedUs / WINDOW_US),
      emittedUs - receivedUs,
      emittedUs + coarsenessUs - notBeforeUs,
    );
  }

  /** Narrows to what another worker of the same machine (and clock) knows. */
  merge(other: { readonly windows: readonly ClockWindow[]; readonly stamped: number }): void {
    this.stamped += other.stamped;
    for (const [minute, lowUs, highUs] of other.windows) this.#narrow(minute, lowUs, highUs);
  }

  /** What is known minute by minute, as plain data. */
  get windows(): readonly ClockWindow[] {
    return [...this.#windows].map(([minute, [lowUs, highUs]]) => [minute, lowUs, highUs]);
  }

  get lowUs(): number {
    return this.#bounds()[0];
  }

  get highUs(): number {
    return this.#bounds()[1];
  }

  get known(): boolean {
    const [lowUs, highUs] = this.#bounds();
    return Number.isFinite(lowUs) && Number.isFinite(highUs);
  }

  get empty(): boolean {
    const [lowUs, highUs] = this.#bounds();
    return lowUs > highUs;
  }

  #narrow(minute: number, lowUs: number, highUs: number): void {
    if (minute !== this.#minute) {
      const known = this.#windows.get(minute);
      this.#window = known ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      if (!known) this.#windows.set(minute, this.#window);
      this.#minute = minute;
    }
    if (lowUs > this.#window[0]) {
      this.#window[0] = lowUs;
      this.#known = undefined;
    }
    if (highUs < this.#window[1]) {
      this.#window[1] = highUs;
      this.#known = undefined;
    }
  }

  /** Bounds of a single θ for the whole time, if there can be one; otherwise of all it may have been while drifting. */
  #bounds(): readonly [lowUs: number, highUs: number] {
    this.#known ??= this.#narrowest();
    return this.#known;
  }

  #narrowest(): readonly [lowUs: number, highUs: number] {
    let lowUs = Number.NEGATIVE_INFINITY;
    let highUs = Number.POSITIVE_INFINITY;
    for (const [low, high] of this.#windows.values()) {
      lowUs = Math.max(lowUs, low);
      highUs = Math.min(highUs, high);
    }
    return lowUs <= highUs ? [lowUs, highUs] : (drifting(this.windows) ?? [lowUs, highUs]);
  }
}

/**
 * The lowest and highest that θ may have been in any minute. The bounds of one minute hold for all of it, and for the
 * minutes around it, widened by what clocks may drift in that time; `undefined` if they contradict each other even so.
 */
function drifting(known: readonly ClockWindow[]): readonly [lowUs: number, highUs: number] | undefined {
  if (known.some(([, low, high]) => low - high > DRIFT_US)) return undefined;
  const minutes = known
    .toSorted(([a], [b]) => a - b)
    .map(([minute, low, high]) => ({ minute, low: low - DRIFT_US, high: high + DRIFT_US }));
  const spread = (order: typeof minutes): void => {
    for (const [at, window] of order.entries()) {
      const before = order[at - 1];
      if (!before) continue;
      const drift = DRIFT_US * Math.abs(window.minute - before.minute);
      window.low = Math.max(window.low, before.low - drift);
      window.high = Math.min(window.high, before.high + drift);
    }
  };
  spread(minutes);
  spread(minutes.toReversed());
  if (minutes.some(({ low, high }) => low > high)) return undefined;
  return [Math.min(...minutes.map(({ low }) => low)), Math.max(...minutes.map(({ high }) => high))];
}

/**
 * What a stamp may have lost, microseconds: a whole second or millisecond is assumed to be truncated. Now and then a
 * precise stamp looks like that by chance; then this one frame bounds a little less.
 */
export function coarsenessOf(stampUs: number): number {
  if (stampUs % 1_000_000 === 0) return 1_000_000;
  return stampUs % 1000 === 0 ? 1000 : 0;
}

/** Width of a bucket of {@link DeltaCounts}, microseconds: small compared with the limits on delivery. */
export const DELTA_BUCKET_US = 250;

/**
 * Counts of received − emitted while θ is still unknown, in linear buckets: with an offset of hours, a histogram of
 * relative precision would lose milliseconds. `delivery = delta + θ`.
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
