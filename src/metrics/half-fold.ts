// The halves of each hold separately, without faults, and its p95 by second: shows what grows under constant load.

import { isJudged, type PhaseSpan } from "../model/log/phase.js";
import { DEGRADING } from "../model/metric.js";
import type { Distribution } from "./distribution.js";
import type { FaultSpans } from "./fault-spans.js";

const COMPARED: readonly string[] = DEGRADING;

type Halves = readonly [first: Distribution, second: Distribution];

/**
 * A fault may be logged only after the seconds it disturbed, because hooks and workers take time to report: a second is
 * assigned to its half once it is this old.
 */
const LOGGED_WITHIN_S = 10;

interface Held {
  readonly halves: Halves;
  /** Seconds too young to be assigned to a half, oldest first. */
  readonly young: (readonly [second: number, part: Distribution])[];
  /** Emptied, for reuse. */
  readonly spare: Distribution[];
  /** p95 of each second that had samples, microseconds; censored ranks are `Infinity`. */
  readonly p95: [second: number, us: number][];
}

/**
 * Samples count for the half in which they were taken: what ends late belongs to the second one. Samples that a fault
 * disturbed are in neither, since faults may all fall into one half; the p95 values by second include them.
 */
export class HalfFold {
  readonly #spans: readonly PhaseSpan[];
  readonly #faults: FaultSpans;
  readonly #phases = new Map<string, Map<string, Held>>();
  #latest = 0;

  readonly #empty: (metric: string) => Distribution;

  /**
   * @param spans phases known so far; the list grows during the run
   * @param faults faults known so far, likewise
   * @param empty makes a distribution into which a metric's parts can be merged
   */
  constructor(spans: readonly PhaseSpan[], faults: FaultSpans, empty: (metric: string) => Distribution) {
    this.#spans = spans;
    this.#faults = faults;
    this.#empty = empty;
  }

  add(second: number, phase: string, metric: string, part: Distribution): void {
    this.#latest = Math.max(this.#latest, second);
    if (!isJudged(phase) || !COMPARED.includes(metric) || this.middleOf(phase) === undefined) return;
    const metrics = this.#phases.get(phase) ?? new Map<string, Held>();
    this.#phases.set(phase, metrics);
    const held = metrics.get(metric) ?? {
      halves: [this.#empty(metric), this.#empty(metric)] as const,
      young: [],
      spare: [],
      p95: [],
    };
    metrics.set(metric, held);
    this.#settle(held, phase);
    const kept = held.spare.pop() ?? this.#empty(metric);
    kept.addAll(part);
    held.young.push([second, kept]);
    const us = part.valueAt(0.95);
    if (us !== undefined) held.p95.push([second, us]);
  }

  #settle({ halves, young, spare }: Held, phase: string): void {
    for (let [first] = young; first && first[0] < this.#latest - LOGGED_WITHIN_S; [first] = young) {
      const [second, part] = first;
      if (!this.#faults.disturbs(second)) halves[this.#halfOf(second, phase)].addAll(part);
      part.reset();
      spare.push(part);
      young.shift();
    }
  }

  #halfOf(second: number, phase: string): 0 | 1 {
    return second + 0.5 < (this.middleOf(phase) ?? 0) ? 0 : 1;
  }

  /** Where the second half of a hold starts, in seconds of the run; `undefined` for an unknown hold. */
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

  /** Both halves, without samples that faults disturbed. */
  of(phase: string, metric: string): Halves | undefined {
    const held = this.#phases.get(phase)?.get(metric);
    if (!held) return undefined;
    this.#settle(held, phase);
    if (held.young.length === 0) return held.halves;
    const halves = [this.#empty(metric), this.#empty(metric)] as const;
    for (const half of [0, 1] as const) halves[half].addAll(held.halves[half]);
    for (const [second, part] of held.young)
      if (!this.#faults.disturbs(second)) halves[this.#halfOf(second, phase)].addAll(part);
    return halves;
  }

  /** By second, ascending, including seconds that faults disturbed and samples that end in the drain. */
  p95Of(phase: string, metric: string): readonly (readonly [second: number, us: number])[] {
    return this.#phases.get(phase)?.get(metric)?.p95 ?? [];
  }
}
