// The distribution of one metric: exact counts and the buckets of an HDR histogram. Only this file imports hdr-histogram-js.
//
// Buckets are trusted for shape only (three significant digits). Count, minimum, maximum, sum, censored attempts and
// violations of limits are kept exactly, because an encoded histogram moves its maximum and an empty one claims a
// p99 of 0. The library writes and reads the encoded form; counting is our own, at a tenth of the library's cost.
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  type JsHistogram,
} from "hdr-histogram-js";
import type { MetricState } from "../model/log/metric-state.js";
import { Buckets, greatestIn } from "./buckets.js";
import { MAX_SAMPLE_US, type SampleBatch } from "./samples.js";

/** One limit whose violations are counted: `inclusive` allows the limit itself (`<=`). */
export interface CountedLimit {
  readonly us: number;
  readonly inclusive: boolean;
}

/** zlib level: a second's histogram is small, and written while the load runs. */
const ENCODING_EFFORT = 1;

export class Distribution {
  readonly #limits: readonly CountedLimit[];
  readonly #violations: number[];
  readonly #buckets = new Buckets();
  #count = 0;
  #censored = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #sum = 0;
  /** Samples of 0, which share a bucket with those of 1. */
  #zeros = 0;

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
  /** Sum of the samples that ended, exact. */
  get sum(): number {
    return this.#sum;
  }
  /** Mean of the samples that ended; `undefined` without samples. */
  get meanUs(): number | undefined {
    return this.#count > 0 ? this.#sum / this.#count : undefined;
  }
  /**
   * Population standard deviation of the samples that ended, from the buckets, whose values are accurate to 0.1 %.
   * `undefined` without samples.
   */
  get stdUs(): number | undefined {
    const mean = this.meanUs;
    if (mean === undefined) return undefined;
    let squares = 0;
    for (const [us, count] of this.counts()) squares += count * (us - mean) ** 2;
    return Math.sqrt(squares / this.#count);
  }
  /** Samples beyond each limit, in the order given to the constructor. Censored attempts are not included. */
  get violations(): readonly number[] {
    return this.#violations;
  }

  add(us: number): void {
    // The lowest trackable value is 1 µs; a sample of 0 is counted there and stays 0 in min and sum.
    this.#buckets.add(us < 1 ? 1 : Math.min(us, MAX_SAMPLE_US));
    if (us === 0) this.#zeros++;
    this.#count++;
    this.#sum += us;
    if (us < this.#min) this.#min = us;
    if (us > this.#max) this.#max = us;
    for (let at = 0; at < this.#limits.length; at++) {
      const limit = this.#limits[at];
      if (limit && (limit.inclusive ? us > limit.us : us >= limit.us))
        this.#violations[at] = (this.#violations[at] ?? 0) + 1;
    }
  }

  censor(count = 1): void {
    this.#censored += count;
  }

  addBatch({ samples, censored }: SampleBatch): void {
    this.addSamples(samples);
    this.#censored += censored;
  }

  /** Like {@link add} for each from `begin` to before `end`, at a tenth of the cost: a second's samples arrive together. */
  addSamples(samples: Uint32Array, begin = 0, end = samples.length): void {
    let min = this.#min;
    let max = this.#max;
    let sum = 0;
    for (let at = begin; at < end; at++) {
      const us = samples[at] ?? 0;
      if (us === 0) this.#zeros++;
      else if (us > max) max = us;
      if (us < min) min = us;
      sum += us;
    }
    this.#buckets.addSamples(samples, begin, end);
    this.#count += end - begin;
    this.#sum += sum;
    this.#min = min;
    this.#max = max;
    for (const [index, { us, inclusive }] of this.#limits.entries()) {
      let beyond = 0;
      for (let at = begin; at < end; at++) {
        const sample = samples[at] ?? 0;
        if (inclusive ? sample > us : sample >= us) beyond++;
      }
      this.#violations[index] = (this.#violations[index] ?? 0) + beyond;
    }
  }

  /** Adds another distribution of the same metric and limits: counts add up exactly, bucket by bucket. */
  addAll(other: Distribution): void {
    if (other.#violations.length !== this.#limits.length)
      throw new Error("merging distributions with different limits");
    this.#censored += other.#censored;
    this.#buckets.addAll(other.#buckets);
    this.#count += other.#count;
    this.#zeros += other.#zeros;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    for (const [at, count] of other.#violations.entries())
      this.#violations[at] = (this.#violations[at] ?? 0) + count;
  }

  /** A distribution of `limits` from its {@link state}. */
  static of(state: MetricState, limits: readonly CountedLimit[]): Distribution {
    if (state.violations.length !== limits.length)
      throw new Error("merging distributions with different limits");
    const made = new Distribution(limits);
    made.#censored = state.censored;
    if (state.count === 0) return made;
    decodeInto(made.#buckets, state.hdr);
    made.#count = state.count;
    made.#zeros = state.zeros ?? 0;
    made.#sum = state.sum;
    made.#min = state.min;
    made.#max = state.max;
    for (const [at, count] of state.violations.entries()) made.#violations[at] = count;
    return made;
  }

  /** Clears everything and keeps the memory, to be filled again. */
  reset(): void {
    this.#buckets.clear();
    this.#count = 0;
    this.#zeros = 0;
    this.#censored = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#sum = 0;
    this.#violations.fill(0);
  }

  /** The mergeable state, as stored in run.jsonl. @param encoder share one between all calls */
  state(encoder: HistogramEncoder): MetricState {
    return {
      count: this.#count,
      censored: this.#censored,
      min: this.#count > 0 ? this.#min : 0,
      max: this.#max,
      sum: this.#sum,
      violations: [...this.#violations],
      ...(this.#zeros > 0 ? { zeros: this.#zeros } : {}),
      hdr: this.#count > 0 ? encoder.encode(this.#buckets) : "",
    };
  }

  /** What was recorded, bucket by bucket: [value in microseconds, count], ascending, without censored attempts. */
  counts(): readonly (readonly [number, number])[] {
    const counts: [number, number][] = [];
    this.#buckets.each((value, count) => {
      counts.push([Math.min(this.#max, Math.max(this.#min, value)), count]);
    });
    return counts;
  }

  /**
   * Value at a rank among all attempts, censored ones ranking last; microseconds, accurate to 0.1 %.
   * `undefined` without attempts, `Infinity` if the rank falls on a censored attempt.
   * @param share 0..1, such as 0.99
   */
  valueAt(share: number): number | undefined {
    if (this.attempts === 0) return undefined;
    // Rounded to 1e-9 first, so that 0.99 × 300 is rank 297 and not 298.
    const rank = Math.max(1, Math.ceil(Math.round(share * this.attempts * 1e9) / 1e9));
    if (rank > this.#count) return Number.POSITIVE_INFINITY;
    if (rank <= this.#zeros) return 0;
    return Math.min(this.#max, Math.max(this.#min, this.#buckets.atRank(rank)));
  }
}

/** Writes histograms in the library's V2 encoding, compressed, in base64. Keep one: creating it costs more than using it. */
export class HistogramEncoder {
  /** Refilled for each encoding. Grows with its values: most metrics never need the buckets of an hour. */
  readonly #scratch: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 1_000_000,
    autoResize: true,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });

  encode(buckets: Buckets): string {
    this.#scratch.reset();
    buckets.each((value, count) => this.#scratch.recordValueWithCount(value, count));
    return encodeIntoCompressedBase64(this.#scratch, ENCODING_EFFORT);
  }
}

function decodeInto(buckets: Buckets, hdr: string): void {
  // Never a WASM histogram, since none is requested.
  const histogram = decodeFromCompressedBase64(hdr, 32) as JsHistogram;
  const end = histogram.countsArrayIndex(histogram.maxValue);
  for (let at = 0; at <= end; at++) {
    const count = histogram.getCountAtIndex(at);
    if (count > 0) buckets.add(greatestIn(at), count);
  }
}
