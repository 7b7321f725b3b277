// The worker's side of measuring: samples of one second, held as raw integers until they are shipped.
//
// A worker records nothing but the value: no histogram, no percentile. The coordinator turns the second's
// samples into histograms, so that the load is not disturbed by its own accounting and every count is exact.
import type { SampledMetric, SERVICE_SUFFIX } from "../model/metric.js";

/** A sampled metric, or the service-time twin of one. */
export type SampleKey = SampledMetric | `${SampledMetric}${typeof SERVICE_SUFFIX}`;

/** Longest duration that can be recorded: 71 minutes in microseconds. Longer ones are recorded as this. */
export const MAX_SAMPLE_US = 0xffff_ffff;

/** What one second recorded of one metric. `samples` are integer microseconds. */
export interface SampleBatch {
  readonly samples: Uint32Array;
  /** Attempts that did not end and rank as infinite. */
  readonly censored: number;
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

  /** The batch so far, and begins a new one; `undefined` when nothing was recorded. */
  take(): SampleBatch | undefined {
    if (this.#length === 0 && this.#censored === 0) return undefined;
    const batch = { samples: this.#values.slice(0, this.#length), censored: this.#censored };
    this.#length = 0;
    this.#censored = 0;
    return batch;
  }
}

/** The samples of one phase, one buffer a metric, created when first used. */
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

  take(): Record<string, SampleBatch> | undefined {
    let batches: Record<string, SampleBatch> | undefined;
    for (const [key, buffer] of this.#buffers) {
      const batch = buffer.take();
      if (!batch) continue;
      batches ??= {};
      batches[key] = batch;
    }
    return batches;
  }
}

/** All that a worker records, keyed by phase from the start. */
export class SampleRecorder {
  readonly #phases = new Map<string, PhaseSamples>();

  phase(key: string): PhaseSamples {
    let samples = this.#phases.get(key);
    if (!samples) {
      samples = new PhaseSamples();
      this.#phases.set(key, samples);
    }
    return samples;
  }

  /** What was recorded since the last call. */
  take(): SampleBatches {
    const batches: SampleBatches = {};
    for (const [key, samples] of this.#phases) {
      const taken = samples.take();
      if (taken) batches[key] = taken;
    }
    return batches;
  }
}
