// Merges the workers' snapshots into seconds of the run: each second once every living worker has reported it.
import { BreakdownFold } from "../../metrics/breakdown-fold.js";
import { CohortFold } from "../../metrics/cohort-fold.js";
import { Distribution, HistogramEncoder } from "../../metrics/distribution.js";
import { limitsOf, type MeasuredMetric } from "../../metrics/run-fold.js";
import { eachPart, type SampleBatch, type SampleBatches } from "../../metrics/samples.js";
import { hasLabels, type LabelValues, seriesOf } from "../../model/labels.js";
import type { MetricState } from "../../model/log/metric-state.js";
import { isJudged } from "../../model/log/phase.js";
import type { BreakdownRecord, CohortRecord, SecondRecord } from "../../model/log/run-log.js";
import { addStarts, emptyStarts } from "../../model/log/starts.js";
import type { SlaRule } from "../../model/verdict.js";
import type { Snapshot } from "../process/messages.js";

/** No worker. */
const HERE = -1;

export class SecondMerger {
  readonly #rules: readonly SlaRule[];
  readonly #phaseAt: (second: number) => string;
  readonly #emit: (record: SecondRecord, measured: readonly MeasuredMetric[]) => void;
  /** Second → snapshots so far. */
  readonly #waiting = new Map<number, Snapshot[]>();
  readonly #expected = new Set<number>();
  /** Phase → metric → its distribution, refilled each second. */
  readonly #scratch = new Map<string, Map<string, MeasuredMetric>>();
  readonly #encoder = new HistogramEncoder();
  readonly #cohorts: CohortFold;
  readonly #breakdown = new BreakdownFold();
  /** Worker → combinations of labels by the number that it gave them. */
  readonly #labels = new Map<number, LabelValues[]>();
  /** Rules on only some turns. */
  readonly #labelled: readonly { readonly rule: SlaRule; readonly series: string }[];
  #more: SampleBatches[] = [];
  #next = 0;
  /** First second that some worker did not complete, because it was done. */
  #unfinished = Number.POSITIVE_INFINITY;

  constructor(options: {
    readonly rules: readonly SlaRule[];
    readonly workers: readonly number[];
    /** Phase of a whole second. */
    readonly phaseAt: (second: number) => string;
    /** Called once a second, in order, with the record's sources: use them at once, because they are refilled. */
    readonly emit: (record: SecondRecord, measured: readonly MeasuredMetric[]) => void;
  }) {
    this.#rules = options.rules;
    this.#cohorts = new CohortFold(options.rules);
    this.#labelled = options.rules
      .map((rule) => ({ rule, series: seriesOf(rule) }))
      .filter(({ rule, series }, at, all) => {
        const first = all.findIndex((other) => other.series === series) === at;
        return first && series !== rule.metric;
      });
    this.#phaseAt = options.phaseAt;
    this.#emit = options.emit;
    for (const worker of options.workers) this.#expected.add(worker);
  }

  add(snapshot: Snapshot): void {
    const labels = this.#labels.get(snapshot.worker) ?? [];
    this.#labels.set(snapshot.worker, labels);
    for (const [number, values] of snapshot.labels) labels[number] = values;
    const snapshots = this.#waiting.get(snapshot.second) ?? [];
    snapshots.push(snapshot);
    this.#waiting.set(snapshot.second, snapshots);
    this.#flush();
  }

  /** Measurements from outside the workers: they go into the next second that is emitted. */
  addMore(batches: SampleBatches): void {
    if (Object.keys(batches).length > 0) this.#more.push(batches);
  }

  /** A worker finishes during this second: from here on its users are missing, which is not the target's fault. */
  finishIn(second: number): void {
    this.#unfinished = Math.min(this.#unfinished, second);
  }

  /** Measurements of each cohort of users so far. */
  cohorts(): readonly CohortRecord[] {
    return this.#cohorts.records();
  }

  /** Measurements of turns by label so far. */
  breakdown(): readonly BreakdownRecord[] {
    return this.#breakdown.records();
  }

  /** A worker will report no more: it is done or lost. */
  leave(worker: number): void {
    this.#expected.delete(worker);
    this.#flush();
  }

  #flush(): void {
    for (;;) {
      const snapshots = this.#waiting.get(this.#next) ?? [];
      const ready = new Set(snapshots.map(({ worker }) => worker));
      if ([...this.#expected].some((worker) => !ready.has(worker))) return;
      // No worker is left: emit what is waiting, and skip seconds that none reported.
      if (snapshots.length === 0) {
        const later = [...this.#waiting.keys()].filter((second) => second > this.#next);
        if (this.#expected.size > 0 || later.length === 0) return;
        this.#next = Math.min(...later);
        continue;
      }
      this.#waiting.delete(this.#next);
      // What was measured here has no worker labels.
      const all = [...snapshots, ...this.#more.map((batches) => ({ batches, worker: HERE }))];
      this.#more = [];
      for (const { batches, worker } of all) {
        this.#cohorts.add(batches);
        this.#breakdown.add(batches, this.#labels.get(worker) ?? []);
      }
      const measured = this.#measured(all);
      this.#emit(this.#merge(this.#next, snapshots, measured), measured);
      this.#next++;
    }
  }

  #merge(second: number, snapshots: readonly Snapshot[], measured: readonly MeasuredMetric[]): SecondRecord {
    const sum = (value: (snapshot: Snapshot) => number): number =>
      snapshots.reduce((total, one) => total + value(one), 0);
    const errors: Record<string, number> = {};
    for (const snapshot of snapshots) {
      for (const [cause, count] of Object.entries(snapshot.errors))
        errors[cause] = (errors[cause] ?? 0) + count;
    }
    return {
      type: "second",
      second,
      phase: this.#phaseOf(second),
      usersLive: sum((one) => one.usersLive),
      usersStarted: sum((one) => one.usersStarted),
      turnsStarted: sum((one) => one.turnsStarted),
      turnsEnded: sum((one) => one.turnsEnded),
      turnsInFlight: sum((one) => one.turnsInFlight),
      ...startsOf(snapshots),
      metrics: statesOf(measured, this.#encoder),
      deltas: deltasOf(snapshots),
      errors,
      generator: snapshots.map((snapshot) => ({ ...snapshot.generator, sendLagP99Us: sendLagOf(snapshot) })),
    };
  }

  #phaseOf(second: number): string {
    const phase = this.#phaseAt(second);
    return second >= this.#unfinished && isJudged(phase) ? "drain" : phase;
  }

  /** Each phase and metric that any worker recorded. */
  #measured(all: readonly Pick<Snapshot, "batches" | "worker">[]): readonly MeasuredMetric[] {
    const measured = new Set<MeasuredMetric>();
    const fresh = (phase: string, metric: string): Distribution => {
      const one = this.#scratchFor(phase, metric);
      if (!measured.has(one)) one.distribution.reset();
      measured.add(one);
      return one.distribution;
    };
    for (const { batches, worker } of all) {
      for (const [phase, metrics] of Object.entries(batches)) {
        for (const [metric, batch] of Object.entries(metrics)) fresh(phase, metric).addBatch(batch);
        for (const { rule, series } of this.#labelled) {
          const batch = metrics[rule.metric];
          if (batch)
            this.#addLabelled(batch, this.#labels.get(worker) ?? [], rule, () => fresh(phase, series));
        }
      }
    }
    return [...measured];
  }

  /** Adds the parts of a batch that a rule covers. */
  #addLabelled(
    batch: SampleBatch,
    labels: readonly LabelValues[],
    { where = {} }: SlaRule,
    into: () => Distribution,
  ): void {
    eachPart(batch, (begin, end, censored, number) => {
      const values = labels[number];
      if (!values || !hasLabels(values, where)) return;
      const distribution = into();
      distribution.addSamples(batch.samples, begin, end);
      distribution.censor(censored);
    });
  }

  #scratchFor(phase: string, metric: string): MeasuredMetric {
    const metrics = this.#scratch.get(phase) ?? new Map<string, MeasuredMetric>();
    this.#scratch.set(phase, metrics);
    let one = metrics.get(metric);
    if (!one) {
      one = { phase, metric, distribution: new Distribution(limitsOf(this.#rules, metric)) };
      metrics.set(metric, one);
    }
    return one;
  }
}

function statesOf(
  measured: readonly MeasuredMetric[],
  encoder: HistogramEncoder,
): Record<string, Record<string, MetricState>> {
  const states: Record<string, Record<string, MetricState>> = {};
  for (const { phase, metric, distribution } of measured) {
    states[phase] ??= {};
    states[phase][metric] = distribution.state(encoder);
  }
  return states;
}

function startsOf(snapshots: readonly Snapshot[]): Pick<SecondRecord, "starts"> {
  const counts = snapshots.flatMap(({ starts }) => starts ?? []);
  if (counts.length === 0) return {};
  const starts = emptyStarts();
  for (const part of counts) addStarts(starts, part);
  return { starts };
}

function deltasOf(snapshots: readonly Snapshot[]): Record<string, readonly (readonly [number, number])[]> {
  const phases: Record<string, (readonly [number, number])[]> = {};
  for (const { deltas } of snapshots) {
    for (const [phase, buckets] of Object.entries(deltas)) {
      const merged = phases[phase] ?? [];
      phases[phase] = merged;
      for (const bucket of buckets) merged.push(bucket);
    }
  }
  return phases;
}

/** p99 of the send lag of one worker's second, microseconds; 0 if it sent nothing. */
function sendLagOf({ batches }: Snapshot): number {
  const parts = Object.values(batches).flatMap((metrics) => metrics["generator.send-lag"]?.samples ?? []);
  const lags = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    lags.set(part, at);
    at += part.length;
  }
  lags.sort();
  return lags[Math.max(0, Math.ceil(lags.length * 0.99) - 1)] ?? 0;
}
