// The worker's side of measuring: samples of one second, held as raw integers until they are shipped.
//
// A worker records nothing but the value: no histogram, no percentile. The coordinator turns the second's
// samples into histograms, so that the load is not disturbed by its own accounting and every count is exact.
import type { SampledMetric, SERVICE_SUFFIX } from "../model/metric.js";

/** A sampled metric, or the service-time twin of one. */
export type SampleKey = SampledMetric | `${SampledMetric}${typeof SERVICE_SUFFIX}`;

/** Longest duration that can be recorded: 71 minutes in microseconds. Longer ones are recorded as this. */
export const MAX_SAMPLE_US = 0xffff_ffff;

/**
 * Users are told apart in so many groups, by their number modulo this: few enough that the memory is bounded whatever
 * the load, and enough for a bootstrap over users.
 */
export const COHORTS = 20;

/** What one second recorded of one metric. `samples` are integer microseconds. */
export interface SampleBatch {
  readonly samples: Uint32Array;
  /** Attempts that did not end and rank as infinite. */
  readonly censored: number;
  /**
   * The groups of users that they are of, three numbers each: the group, where its samples end in `samples` (they
   * begin where those of the group before it end), and its censored attempts. Absent for what is of no user.
   */
  readonly cohorts?: Uint32Array;
}

/** Phase key → metric → batch. Plain data that structured clone carries between processes. */
export type SampleBatches = Record<string, Record<string, SampleBatch>>;

/** Growing buffer of one metric's samples. */
export class Samples {
  #values = new Uint32Array(64);
  #length = 0;
  #censored = 0;

  /** Records a duration in microseconds. Throws on NaN or a negative value: that is a bug, not a measurement. */
  push(us: number): void {
    if (!(us >= 0)) throw new RangeError(`not a duration: ${us}`);
    if (this.#length === this.#values.length) {
      const grown = new Uint32Array(this.#length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = Math.min(us, MAX_SAMPLE_US);
  }

  censor(): void {
    this.#censored++;
  }

  /** Samples that were recorded since the last {@link reset}. */
  get length(): number {
    return this.#length;
  }
  get censored(): number {
    return this.#censored;
  }

  /** Copies the samples into a larger array. */
  copyInto(target: Uint32Array, at: number): void {
    target.set(this.#values.subarray(0, this.#length), at);
  }

  /** Begins anew and keeps the memory. */
  reset(): void {
    this.#length = 0;
    this.#censored = 0;
  }
}

/** The samples of one phase and one group of users, one buffer a metric, created when first used. */
export class PhaseSamples {
  readonly #buffers = new Map<SampleKey, Samples>();

  of(key: SampleKey): Samples {
    let buffer = this.#buffers.get(key);
    if (!buffer) {
      buffer = new Samples();
      this.#buffers.set(key, buffer);
    }
    return buffer;
  }

  /** Metrics that were recorded so far, also in earlier seconds. */
  get keys(): Iterable<SampleKey> {
    return this.#buffers.keys();
  }

  get(key: SampleKey): Samples | undefined {
    return this.#buffers.get(key);
  }
}

/** What is of no user comes behind the groups of users. */
const NOBODY = COHORTS;

/** All that a worker records, keyed by phase from the start. */
export class SampleRecorder {
  readonly #phases = new Map<string, (PhaseSamples | undefined)[]>();

  /** @param user number of the user that they are of; absent for what is of none in particular */
  phase(key: string, user?: number): PhaseSamples {
    let groups = this.#phases.get(key);
    if (!groups) {
      groups = Array.from({ length: COHORTS + 1 }, () => undefined);
      this.#phases.set(key, groups);
    }
    const cohort = user === undefined ? NOBODY : user % COHORTS;
    let samples = groups[cohort];
    if (!samples) {
      samples = new PhaseSamples();
      groups[cohort] = samples;
    }
    return samples;
  }

  /** What was recorded since the last call. */
  take(): SampleBatches {
    const batches: SampleBatches = {};
    for (const [phase, groups] of this.#phases) {
      const keys = new Set(groups.flatMap((group) => [...(group?.keys ?? [])]));
      for (const key of keys) {
        const batch = taken(groups.map((group) => group?.get(key)));
        if (!batch) continue;
        batches[phase] ??= {};
        batches[phase][key] = batch;
      }
    }
    return batches;
  }
}

/** One metric's buffers of all groups as one batch, and begins them anew; `undefined` when nothing was recorded. */
function taken(buffers: readonly (Samples | undefined)[]): SampleBatch | undefined {
  let length = 0;
  let censored = 0;
  const cohorts: number[] = [];
  for (const [cohort, buffer] of buffers.entries()) {
    if (!buffer || buffer.length + buffer.censored === 0) continue;
    length += buffer.length;
    censored += buffer.censored;
    if (cohort !== NOBODY) cohorts.push(cohort, length, buffer.censored);
  }
  if (length + censored === 0) return undefined;
  const samples = new Uint32Array(length);
  let at = 0;
  for (const buffer of buffers) {
    if (!buffer) continue;
    buffer.copyInto(samples, at);
    at += buffer.length;
    buffer.reset();
  }
  return { samples, censored, ...(cohorts.length > 0 ? { cohorts: Uint32Array.from(cohorts) } : {}) };
}
