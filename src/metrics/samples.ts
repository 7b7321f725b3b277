// The worker's side of measuring: samples of one second, kept as raw integers until they are sent.
//
// A worker records only values: no histogram, no percentile. The coordinator turns the second's samples into
// histograms, so that accounting does not disturb the load, and every count is exact.
import type { SampledMetric, SERVICE_SUFFIX } from "../model/metric.js";
import { LabelSets, UNLABELLED } from "./labels.js";

/** A sampled metric, or the service-time twin of one. */
export type SampleKey = SampledMetric | `${SampledMetric}${typeof SERVICE_SUFFIX}`;

/** Longest duration that can be recorded: 71 minutes in microseconds. Longer ones are recorded as this. */
export const MAX_SAMPLE_US = 0xffff_ffff;

/**
 * Users are divided into this many cohorts, by their number modulo this: few enough to bound the memory at any load, and
 * enough for a bootstrap over users.
 */
export const COHORTS = 20;

/** What one second recorded of one metric. `samples` are integer microseconds. */
export interface SampleBatch {
  readonly samples: Uint32Array;
  /** Attempts that did not end: they rank as infinite. */
  readonly censored: number;
  /**
   * Whose samples they are, four numbers per part: the cohort of users, where its samples end in `samples` (they start
   * where the part before ends), its censored attempts, and the number of their labels. A cohort has one part per
   * combination of labels. Absent if no sample belongs to a user.
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

  /** Samples recorded since the last {@link reset}. */
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

  /** Starts over, keeping the memory. */
  reset(): void {
    this.#length = 0;
    this.#censored = 0;
  }
}

/** The samples of one phase and one cohort of users: one buffer per metric, created when first used. */
export class PhaseSamples {
  readonly #buffers = new Map<SampleKey, Samples>();
  readonly #ofTool: ((tool: string) => PhaseSamples) | undefined;
  /** Something may have been recorded since the last second. */
  touched = false;

  /**
   * @param ofTool the samples of the same turns with the label of a tool; without it, these
   * @param labels number of their combination of labels
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

  /** Metrics recorded so far, including in earlier seconds. */
  get keys(): Iterable<SampleKey> {
    return this.#buffers.keys();
  }

  get(key: SampleKey): Samples | undefined {
    return this.#buffers.get(key);
  }
}

/** For samples that belong to no user; numbered after the cohorts. */
const NOBODY = COHORTS;
/** Cohorts of users, and nobody. */
const PARTS = COHORTS + 1;

/** Everything a worker records, keyed by phase from the start. */
export class SampleRecorder {
  /** Phase → labels and cohort, as one number → samples; those of no user come last in a batch. */
  readonly #phases = new Map<string, Map<number, PhaseSamples>>();
  readonly labels = new LabelSets();

  /**
   * @param user number of the user they belong to; absent if they belong to none in particular
   * @param labels number of their combination of labels; they are pushed as soon as their buffer is requested
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
      // Samples of no user have no part in `cohorts`, so they must follow all others.
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

/** One metric's buffers of all parts as one batch, and resets them; `undefined` if nothing was recorded. */
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

/** Calls back for each part of a batch that belongs to users: where its samples start and end, and whose they are. */
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
