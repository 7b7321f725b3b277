// The first half of each hold apart from the second, to see what grows while the load stays the same.
import { DEGRADING } from "../model/metric.js";
import { isJudged, type PhaseSpan } from "../model/phase.js";
import type { Distribution } from "./distribution.js";

const COMPARED: readonly string[] = DEGRADING;

type Halves = readonly [first: Distribution, second: Distribution];

/** Samples are put to a half by the second in which they were taken: what ends late belongs to the second one. */
export class HalfFold {
  readonly #spans: readonly PhaseSpan[];
  readonly #phases = new Map<string, Map<string, Halves>>();

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
    const span = this.#spans.find(({ key }) => key === phase);
    const startUs = this.#spans[0]?.startUs;
    if (!span || startUs === undefined) return;
    const metrics = this.#phases.get(phase) ?? new Map<string, Halves>();
    this.#phases.set(phase, metrics);
    const halves = metrics.get(metric) ?? ([this.#empty(metric), this.#empty(metric)] as const);
    metrics.set(metric, halves);
    const middleUs = startUs + second * 1_000_000 + 500_000;
    halves[middleUs < (span.startUs + span.endUs) / 2 ? 0 : 1].addAll(part);
  }

  /** Holds with samples. */
  get phases(): readonly string[] {
    return [...this.#phases.keys()];
  }

  of(phase: string, metric: string): Halves | undefined {
    return this.#phases.get(phase)?.get(metric);
  }
}
