// The worker's side of measuring: samples of one second, held as raw integers until they are shipped.
//
// A worker records nothing but the value: no histogram, no percentile. The coordinator turns the second's
// samples into histograms, so that the load is not disturbed by its own accounting and every count is exact.
import type { SampledMetric, SERVICE_SUFFIX } from "../model/metric.js";
import { LabelSets, UNLABELLED } from "./labels.js";

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
   * The groups of users that they are of, four numbers each: the group, where its samples end in `samples` (they begin
   * where those of the part before it end), its censored attempts, and the number of their labels. Absent for what is of
   * no user; a group is there once for each combination of labels.
   */
  readonly cohorts?: Uint32Array;
}

/** Phase key → metric → batch. Plain data that structured clone carries between processes. */
export type SampleBatches = Record<string, Record<string, SampleBatch>>;

/** Growing buffer of one metric's samples. */
export class Samples {
  #values = new Uint32Array(16);
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
  readonly #ofTool: ((tool: string) => PhaseSamples) | undefined;
  /** Something may have been recorded since the last second. */
  touched = false;

  /**
   * @param ofTool the samples of the same turns with the label of a tool; without it, these
   * @param labels number of the combination of labels that they have
   */
  constructor(
    ofTool?: (tool: string) => PhaseSamples,
    readonly labels = UNLABELLED,
  ) {
    this.#ofTool = ofTool;
  }

  ofTool(tool: string): PhaseSamples {
    return this.#ofTool?.(tool) ?? this;
  }

  of(key: SampleKey): Samples {
    this.touched = true;
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
/** Groups of users, and nobody. */
const PARTS = COHORTS + 1;

/** All that a worker records, keyed by phase from the start. */
export class SampleRecorder {
  /** Phase → number of labels and group, as one number → samples; what is of no user comes last in a batch. */
  readonly #phases = new Map<string, Map<number, PhaseSamples>>();
  readonly labels = new LabelSets();

  /**
   * @param user number of the user that they are of; absent for what is of none in particular
   * @param labels number of the combination of labels that they have; they are pushed as soon as their buffer is asked for
   */
  phase(key: string, user?: number, labels = UNLABELLED): PhaseSamples {
    let parts = this.#phases.get(key);
    if (!parts) {
      parts = new Map();
      this.#phases.set(key, parts);
    }
    const at = labels * PARTS + (user === undefined ? NOBODY : user % COHORTS);
    let samples = parts.get(at);
    if (!samples) {
      const ofTool = (tool: string): PhaseSamples =>
        this.phase(key, user, this.labels.withTool(labels, tool));
      samples = new PhaseSamples(ofTool, labels);
      parts.set(at, samples);
    }
    return samples;
  }

  /** What was recorded since the last call. */
  take(): SampleBatches {
    const batches: SampleBatches = {};
    for (const [phase, parts] of this.#phases) {
      const active = [...parts].filter(([at, { touched }]) => touched || at < PARTS);
      // Samples of no user are told apart by nothing, and so stand behind all that are.
      active.sort(([a], [b]) => (a === NOBODY ? 1 : b === NOBODY ? -1 : a - b));
      const keys = new Set(active.flatMap(([, part]) => [...part.keys]));
      for (const key of keys) {
        const batch = taken(active.map(([at, part]) => [at, part.get(key)] as const));
        if (!batch) continue;
        batches[phase] ??= {};
        batches[phase][key] = batch;
      }
      for (const [, part] of active) part.touched = false;
    }
    return batches;
  }
}

/** One metric's buffers of all parts as one batch, and begins them anew; `undefined` when nothing was recorded. */
function taken(
  buffers: readonly (readonly [at: number, buffer: Samples | undefined])[],
): SampleBatch | undefined {
  let length = 0;
  let censored = 0;
  const cohorts: number[] = [];
  for (const [at, buffer] of buffers) {
    if (!buffer || buffer.length + buffer.censored === 0) continue;
    length += buffer.length;
    censored += buffer.censored;
    const cohort = at % PARTS;
    if (cohort !== NOBODY) cohorts.push(cohort, length, buffer.censored, (at - cohort) / PARTS);
  }
  if (length + censored === 0) return undefined;
  const samples = new Uint32Array(length);
  let at = 0;
  for (const [, buffer] of buffers) {
    if (!buffer) continue;
    buffer.copyInto(samples, at);
    at += buffer.length;
    buffer.reset();
  }
  return { samples, censored, ...(cohorts.length > 0 ? { cohorts: Uint32Array.from(cohorts) } : {}) };
}

/** Calls back for each part of a batch that is of users: where its samples begin and end, and what they are of. */
export function eachPart(
  { cohorts }: SampleBatch,
  found: (begin: number, end: number, censored: number, labels: number, cohort: number) => void,
): void {
  if (!cohorts) return;
  let begin = 0;
  for (let at = 0; at < cohorts.length; at += 4) {
    const end = cohorts[at + 1] ?? begin;
    found(begin, end, cohorts[at + 2] ?? 0, cohorts[at + 3] ?? UNLABELLED, cohorts[at] ?? 0);
    begin = end;
  }
}
