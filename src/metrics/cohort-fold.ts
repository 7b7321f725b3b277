// Folds what each cohort of users measured in the hold, for comparisons that resample users as well as moments.
import { isJudged } from "../model/log/phase.js";
import type { CohortRecord } from "../model/log/run-log.js";
import { sampledUnit } from "../model/metric.js";
import type { SlaRule } from "../model/verdict.js";
import { Distribution, HistogramEncoder } from "./distribution.js";
import { COHORTS, eachPart, type SampleBatch, type SampleBatches } from "./samples.js";

export class CohortFold {
  /** Only those with a threshold: comparisons do not judge others. */
  readonly #metrics: readonly string[];
  /** Cohort → metric → its distribution: their number depends on cohorts and thresholds, not on the load. */
  readonly #groups: readonly Map<string, Distribution>[];

  constructor(rules: readonly SlaRule[]) {
    const sampled = rules.filter(
      ({ metric }) => sampledUnit(metric) !== undefined && !metric.startsWith("generator."),
    );
    this.#metrics = [...new Set(sampled.map(({ metric }) => metric))];
    this.#groups = Array.from({ length: COHORTS }, () => new Map());
  }

  /** Adds one second of one worker. */
  add(batches: SampleBatches): void {
    for (const [phase, metrics] of Object.entries(batches)) {
      if (!isJudged(phase)) continue;
      for (const metric of this.#metrics) {
        const batch = metrics[metric];
        if (batch) this.#addBatch(metric, batch);
      }
    }
  }

  /** One record per cohort that measured something. */
  records(): readonly CohortRecord[] {
    const encoder = new HistogramEncoder();
    return this.#groups.flatMap((group, cohort) => {
      if (group.size === 0) return [];
      const metrics = Object.fromEntries([...group].map(([metric, one]) => [metric, one.state(encoder)]));
      return { type: "cohort", cohort, of: COHORTS, metrics };
    });
  }

  #addBatch(metric: string, batch: SampleBatch): void {
    eachPart(batch, (begin, end, censored, _labels, cohort) => {
      const distribution = this.#distribution(cohort, metric);
      distribution?.addSamples(batch.samples, begin, end);
      distribution?.censor(censored);
    });
  }

  #distribution(cohort: number, metric: string): Distribution | undefined {
    const group = this.#groups[cohort];
    const known = group?.get(metric);
    if (known || !group) return known;
    const made = new Distribution();
    group.set(metric, made);
    return made;
  }
}
