// Folds measurements of the hold's turns by each of their labels: the most frequent values, and one for the rest.
import { LABELLED, LABELS, type Label, type LabelValues, OTHER } from "../model/labels.js";
import { isJudged } from "../model/log/phase.js";
import type { BreakdownRecord } from "../model/log/run-log.js";
import { Distribution, HistogramEncoder } from "./distribution.js";
import { eachPart, type SampleBatch, type SampleBatches } from "./samples.js";

/** Values of a label that the report shows; all others are merged. */
export const MAX_SHOWN = 50;
/** Values of a label counted separately during a run; further ones count as `(other)` from their first sample. */
const MAX_KEPT = 100;

type Metrics = Map<string, Distribution>;
const NONE: Metrics = new Map();

export class BreakdownFold {
  readonly #labels = new Map<Label, Map<string, Metrics>>(LABELS.map((label) => [label, new Map()]));

  /** Adds one second of one worker; `labels` are the combinations it has numbered so far. */
  add(batches: SampleBatches, labels: readonly LabelValues[]): void {
    for (const [phase, metrics] of Object.entries(batches)) {
      if (!isJudged(phase)) continue;
      for (const metric of LABELLED) {
        const batch = metrics[metric];
        if (batch) this.#addBatch(metric, batch, labels);
      }
    }
  }

  #addBatch(metric: string, batch: SampleBatch, labels: readonly LabelValues[]): void {
    eachPart(batch, (begin, end, censored, number) => {
      const values = labels[number];
      for (let at = 0; values && at < LABELS.length; at++) {
        const [label, value] = [LABELS[at], values[at]];
        if (label === undefined || value === undefined || value === "") continue;
        const distribution = this.#distribution(label, value, metric);
        distribution.addSamples(batch.samples, begin, end);
        distribution.censor(censored);
      }
    });
  }

  #distribution(label: Label, value: string, metric: string): Distribution {
    const values = this.#labels.get(label) ?? new Map<string, Metrics>();
    const kept = values.has(value) || values.size < MAX_KEPT ? value : OTHER;
    const metrics = values.get(kept) ?? new Map<string, Distribution>();
    values.set(kept, metrics);
    const known = metrics.get(metric);
    if (known) return known;
    const made = new Distribution();
    metrics.set(metric, made);
    return made;
  }

  /** One record per value, most frequent first; those beyond the limit are merged into one, which comes last. */
  records(): readonly BreakdownRecord[] {
    const encoder = new HistogramEncoder();
    return [...this.#labels].flatMap(([label, values]) => {
      const named = [...values].filter(([value]) => value !== OTHER);
      named.sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
      const others = merged([...named.slice(MAX_SHOWN).map(([, one]) => one), values.get(OTHER) ?? NONE]);
      const shown = [...named.slice(0, MAX_SHOWN), [OTHER, others] as const];
      return shown
        .filter(([, metrics]) => metrics.size > 0)
        .map(
          ([value, metrics]): BreakdownRecord => ({
            type: "breakdown",
            label,
            value,
            metrics: Object.fromEntries([...metrics].map(([metric, one]) => [metric, one.state(encoder)])),
          }),
        );
    });
  }
}

/** Number of its turns, or of its calls for a tool. */
function sizeOf(metrics: Metrics): number {
  return Math.max(
    0,
    ...[...metrics].filter(([metric]) => metric !== "chunk.gap").map(([, one]) => one.attempts),
  );
}

function merged(parts: readonly Metrics[]): Metrics {
  const sum: Metrics = new Map();
  for (const part of parts) {
    for (const [metric, distribution] of part) {
      const whole = sum.get(metric) ?? new Distribution();
      whole.addAll(distribution);
      sum.set(metric, whole);
    }
  }
  return sum;
}
