// The first half of each hold apart from the second, and its p95 second by second, to see what grows under one load.
import { DEGRADING } from "../model/metric.js";
import { isJudged, type PhaseSpan } from "../model/phase.js";
import type { Distribution } from "./distribution.js";

const COMPARED: readonly string[] = DEGRADING;

type Halves = readonly [first: Distribution, second: Distribution];

interface Held {
  readonly halves: Halves;
  /** p95 of each second that had samples, microseconds; censored ranks are `Infinity`. */
  readonly p95: [second: number, us: number][];
}

/** Samples are put to a half by the second in which they were taken: what ends late belongs to the second one. */
export class HalfFold {
  readonly #spans: readonly PhaseSpan[];
  readonly #phases = new Map<string, Map<string, Held>>();

  readonly #empty: (metric: string) => Distribution;

  /**
   * @param spans those that are known so far; the list grows as the run goes
   * @param empty a distribution that the parts of a metric can be merged into
   */
  constructor(spans: readonly PhaseSpan[], empty: (metric: string) => Distribution) {
    this.#spans = spans;
    this.#empty = empty;
  }

  add(second: number, phase: string, metric: string, part: Distribution): void {
    if (!isJudged(phase) || !COMPARED.includes(metric)) return;
    const middle = this.middleOf(phase);
    if (middle === undefined) return;
    const metrics = this.#phases.get(phase) ?? new Map<string, Held>();
    this.#phases.set(phase, metrics);
    const held = metrics.get(metric) ?? {
      halves: [this.#empty(metric), this.#empty(metric)] as const,
      p95: [],
    };
    metrics.set(metric, held);
    held.halves[second + 0.5 < middle ? 0 : 1].addAll(part);
    const us = part.valueAt(0.95);
    if (us !== undefined) held.p95.push([second, us]);
  }

  /** Where the second half of a hold begins, in seconds of the run; `undefined` for one that is not known. */
  middleOf(phase: string): number | undefined {
    const span = this.#spans.find(({ key }) => key === phase);
    const startUs = this.#spans[0]?.startUs;
    return !span || startUs === undefined
      ? undefined
      : ((span.startUs + span.endUs) / 2 - startUs) / 1_000_000;
  }

  /** Holds with samples. */
  get phases(): readonly string[] {
    return [...this.#phases.keys()];
  }

  of(phase: string, metric: string): Halves | undefined {
    return this.#phases.get(phase)?.get(metric)?.halves;
  }

  /** By second, ascending; samples that end in the drain are among them. */
  p95Of(phase: string, metric: string): readonly (readonly [second: number, us: number])[] {
    return this.#phases.get(phase)?.get(metric)?.p95 ?? [];
  }
}
