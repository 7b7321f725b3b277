// A worker's position in the run: start barrier, ramp, and the phase and samples of any instant.
import { phaseSpans } from "../../load/load.js";
import { type PhaseSamples, SampleRecorder } from "../../metrics/samples.js";
import type { LabelValues } from "../../model/labels.js";
import type { PhaseSpan } from "../../model/log/phase.js";
import type { LoadSpec } from "../../scenarios/scenario.js";
import type { Schedule } from "../../session/services.js";
import type { Clock } from "../../support/clock.js";

/** What is measured before the start barrier. */
const BEFORE = "prepare";

export class PhaseClock implements Schedule {
  readonly recorder = new SampleRecorder();
  readonly #load: LoadSpec;
  readonly #keys = new Map<PhaseSamples, string>();
  #spans: readonly PhaseSpan[] = [];
  #startUs = Number.NaN;
  #rampUs: number | undefined;
  #rampWaiters: (() => void)[] = [];

  constructor(
    readonly clock: Clock,
    load: LoadSpec,
  ) {
    this.#load = load;
  }

  /** The start barrier; NaN before it is known. */
  get startUs(): number {
    return this.#startUs;
  }

  /** When the ramp starts; `undefined` while the baseline step runs. */
  get rampUs(): number | undefined {
    return this.#rampUs;
  }

  start(startUs: number, rampUs: number | undefined): void {
    this.#startUs = startUs;
    this.#spans = phaseSpans(this.#load, startUs, rampUs);
    if (rampUs !== undefined) this.setRamp(rampUs);
  }

  setRamp(rampUs: number): void {
    this.#rampUs = rampUs;
    this.#spans = phaseSpans(this.#load, this.#startUs, rampUs);
    this.release();
  }

  /** Resolves when the ramp's time is known, or on {@link release}. */
  rampKnown(): Promise<void> {
    if (this.#rampUs !== undefined) return Promise.resolve();
    return new Promise((resolve) => this.#rampWaiters.push(resolve));
  }

  /** Releases everything waiting for the ramp: its time is known, or it will never come. */
  release(): void {
    for (const waiter of this.#rampWaiters.splice(0)) waiter();
  }

  phaseAt(us: number): string {
    for (const span of this.#spans) if (us < span.endUs) return span.key;
    return this.#spans.at(-1)?.key ?? BEFORE;
  }

  samplesAt(us: number, user?: number, labels?: LabelValues): PhaseSamples {
    const key = this.phaseAt(us);
    const samples = this.recorder.phase(key, user, labels && this.recorder.labels.of(labels));
    if (!this.#keys.has(samples)) this.#keys.set(samples, key);
    return samples;
  }

  /** The phase whose samples these are. */
  keyOf(samples: PhaseSamples): string {
    return this.#keys.get(samples) ?? BEFORE;
  }
}
