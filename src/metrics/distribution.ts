// The distribution of one metric: an HDR histogram with exact counts beside it. Sole importer of hdr-histogram-js.
//
// The library's histogram is trusted for shape only (three significant digits). Count, minimum, maximum, sum,
// censored attempts and violations of limits are kept exactly, because an encoded histogram moves its maximum
// and an empty one claims a p99 of 0.
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from "hdr-histogram-js";
import type { MetricState } from "../model/run-log.js";
import type { SampleBatch } from "./samples.js";

/** One limit whose violations are counted: `inclusive` allows the limit itself (`<=`). */
export interface CountedLimit {
  readonly us: number;
  readonly inclusive: boolean;
}

/** zlib level: a second's histogram is small, and written while the load runs. */
const ENCODING_EFFORT = 1;
const HIGHEST_US = 4_400_000_000;

function newHistogram(): Histogram {
  // Grows with its values: most metrics never need the buckets of an hour.
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 1_000_000,
    autoResize: true,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });
}

export class Distribution {
  readonly #limits: readonly CountedLimit[];
  readonly #violations: number[];
  #histogram: Histogram | undefined;
  #count = 0;
  #censored = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #sum = 0;

  constructor(limits: readonly CountedLimit[] = []) {
    this.#limits = limits;
    this.#violations = limits.map(() => 0);
  }

  /** Samples that ended. Attempts are `count + censored`. */
  get count(): number {
    return this.#count;
  }
  get censored(): number {
    return this.#censored;
  }
  get attempts(): number {
    return this.#count + this.#censored;
  }
  /** Smallest and largest sample, exact; `undefined` without samples. */
  get minUs(): number | undefined {
    return this.#count > 0 ? this.#min : undefined;
  }
  get maxUs(): number | undefined {
    return this.#count > 0 ? this.#max : undefined;
  }
  /** Mean of the samples that ended; `undefined` without samples. */
  get meanUs(): number | undefined {
    return this.#count > 0 ? this.#sum / this.#count : undefined;
  }
  /** Samples beyond each limit, in the order given to the constructor. Censored attempts are not among them. */
  get violations(): readonly number[] {
    return this.#violations;
  }

  add(us: number): void {
    this.#histogram ??= newHistogram();
    // The lowest trackable value is 1 µs; a sample of 0 is counted there and stays 0 in min and sum.
    this.#histogram.recordValue(us < 1 ? 1 : Math.min(us, HIGHEST_US));
    this.#count++;
    this.#sum += us;
    if (us < this.#min) this.#min = us;
    if (us > this.#max) this.#max = us;
    for (const [index, limit] of this.#limits.entries()) {
      if (limit.inclusive ? us > limit.us : us >= limit.us)
        this.#violations[index] = (this.#violations[index] ?? 0) + 1;
    }
  }

  censor(count = 1): void {
    this.#censored += count;
  }

  addBatch(batch: SampleBatch): void {
    for (const us of batch.samples) this.add(us);
    this.#censored += batch.censored;
  }

  /** Adds another distribution of the same metric and limits: counts add up exactly, bucket by bucket. */
  merge(state: MetricState): void {
    if (state.violations.length !== this.#limits.length)
      throw new Error("merging distributions with different limits");
    this.#censored += state.censored;
    if (state.count === 0) return;
    this.#histogram ??= newHistogram();
    this.#histogram.add(decodeFromCompressedBase64(state.hdr, 32) as Histogram);
    this.#count += state.count;
    this.#sum += state.sum;
    this.#min = Math.min(this.#min, state.min);
    this.#max = Math.max(this.#max, state.max);
    for (const [index, count] of state.violations.entries())
      this.#violations[index] = (this.#violations[index] ?? 0) + count;
  }

  /** Forgets everything and keeps the memory, to be filled anew. */
  reset(): void {
    this.#histogram?.reset();
    this.#count = 0;
    this.#censored = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#sum = 0;
    this.#violations.fill(0);
  }

  /** The mergeable state, as a line of run.jsonl carries it. */
  state(): MetricState {
    return {
      count: this.#count,
      censored: this.#censored,
      min: this.#count > 0 ? this.#min : 0,
      max: this.#max,
      sum: this.#sum,
      violations: [...this.#violations],
      hdr:
        this.#histogram && this.#count > 0
          ? encodeIntoCompressedBase64(this.#histogram, ENCODING_EFFORT)
          : "",
    };
  }

  /**
   * Value at a rank among all attempts, censored ones ranking last; microseconds, within 0.1 %.
   * `undefined` without attempts, `Infinity` when the rank falls on a censored attempt.
   * @param share 0..1, such as 0.99
   */
  valueAt(share: number): number | undefined {
    if (this.attempts === 0) return undefined;
    // Rounded to 1e-9 first, so that 0.99 × 300 is rank 297 and not 298.
    const rank = Math.max(1, Math.ceil(Math.round(share * this.attempts * 1e9) / 1e9));
    if (rank > this.#count || !this.#histogram) return Number.POSITIVE_INFINITY;
    // Half a rank below the wanted one: the library rounds the rank itself, and this lands on it either way.
    const value = this.#histogram.getValueAtPercentile(((rank - 0.5) / this.#count) * 100);
    return Math.min(this.#max, Math.max(this.#min, value));
  }
}
