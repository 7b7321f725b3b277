// Counts of whole microseconds in the buckets of an HDR histogram with three significant digits.
//
// The same buckets as the library's, so that it encodes exactly what was counted here, at a few nanoseconds per value:
//   value below 2048      one bucket each
//   value from 2^k        1024 buckets of 2^(k - 10) up to 2^(k + 1), for each k from 11
// http://hdrhistogram.org; the array grows with the largest value and has no bucket beyond it.

const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;

/** Index of the bucket of a value: a whole number in [0, 2^32). */
export function bucketOf(value: number): number {
  const shift = Math.max(0, 31 - Math.clz32(value) - HALF_BITS);
  return shift * HALF + (value >>> shift);
}

/** Largest whole number in a bucket. */
export function greatestIn(bucket: number): number {
  const shift = Math.max(0, (bucket >> HALF_BITS) - 1);
  return (bucket - shift * HALF + 1) * 2 ** shift - 1;
}

export class Buckets {
  #counts = new Float64Array(0);
  /** One past the last bucket that may have a count. */
  #end = 0;

  /** Counts a value `count` times. */
  add(value: number, count = 1): void {
    this.#addAt(bucketOf(value), count);
  }

  /** Counts the values from index `begin` to before `end`; a 0 counts as 1, the smallest value with a bucket of its own. */
  addSamples(values: Uint32Array, begin: number, end: number): void {
    for (let at = begin; at < end; at++) {
      const bucket = bucketOf(values[at] || 1);
      if (bucket >= this.#end) this.#reach(bucket);
      const counts = this.#counts;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  }

  /** Adds all counts of another, bucket by bucket. */
  addAll(other: Buckets): void {
    if (other.#end === 0) return;
    this.#reach(other.#end - 1);
    const from = other.#counts;
    const into = this.#counts;
    for (let at = 0; at < other.#end; at++) into[at] = (into[at] ?? 0) + (from[at] ?? 0);
  }

  /** Largest value of the bucket with the value of that rank, from 1; 0 if there are fewer values. */
  atRank(rank: number): number {
    let seen = 0;
    for (let at = 0; at < this.#end; at++) {
      seen += this.#counts[at] ?? 0;
      if (seen >= rank) return greatestIn(at);
    }
    return 0;
  }

  /** Calls back for each bucket that is not empty, ascending, with its largest value. */
  each(found: (value: number, count: number) => void): void {
    for (let at = 0; at < this.#end; at++) {
      const count = this.#counts[at] ?? 0;
      if (count > 0) found(greatestIn(at), count);
    }
  }

  /** Clears all counts and keeps the memory. */
  clear(): void {
    this.#counts.fill(0, 0, this.#end);
    this.#end = 0;
  }

  #addAt(bucket: number, count: number): void {
    if (bucket >= this.#end) this.#reach(bucket);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }

  #reach(bucket: number): void {
    if (bucket < this.#end) return;
    this.#end = bucket + 1;
    if (this.#counts.length >= this.#end) return;
    // By whole octaves: with drifting values it grows a few times, not at each record.
    const grown = new Float64Array(Math.ceil(this.#end / HALF) * HALF);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
