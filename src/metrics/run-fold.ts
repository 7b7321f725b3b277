// Folds the records of a run into totals: distributions by phase, and one small point a second.

import { seriesOf } from "../model/labels.js";
import type { ModelRecord } from "../model/log/model-call.js";
import type { PhaseSpan } from "../model/log/phase.js";
import { isJudged } from "../model/log/phase.js";
import type {
  BreakdownRecord,
  Excess,
  NoteRecord,
  RunFooter,
  RunHeader,
  RunLogRecord,
  SecondRecord,
  TargetRecord,
} from "../model/log/run-log.js";
import type { StartCounts } from "../model/log/starts.js";
import { MAX_OWN_DELAY_US, OVER_TIME, SERVICE_SUFFIX, sampledUnit } from "../model/metric.js";
import type { Finding } from "../model/turn/finding.js";
import type { KeptTurn } from "../model/turn/turn.js";
import type { SlaRule } from "../model/verdict.js";
import { AccessFold } from "./access-fold.js";
import { type CountedLimit, Distribution } from "./distribution.js";
import { FaultSpans } from "./fault-spans.js";
import { HalfFold } from "./half-fold.js";

/** Percentiles of one metric in one second, microseconds; censored ranks are `Infinity`. */
export interface SecondPercentiles {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** One second in brief: what a timeline needs, without histograms. */
export interface SecondPoint extends Omit<SecondRecord, "type" | "starts" | "metrics" | "deltas"> {
  readonly starts: Readonly<StartCounts> | undefined;
  readonly metrics: Readonly<Record<string, SecondPercentiles>>;
}

/**
 * The limits whose violations a metric counts: those of its rules, in the order of the rules; the generator's own
 * metrics end with the bound on its delay.
 */
export function limitsOf(rules: readonly SlaRule[], metric: string): readonly CountedLimit[] {
  const limits = rules
    .filter((rule) => sampledUnit(rule.metric) !== undefined && seriesOf(rule) === metric)
    .map((rule) => ({ us: rule.limit, inclusive: rule.comparison === "<=" }));
  return metric.startsWith("generator.") ? [...limits, { us: MAX_OWN_DELAY_US, inclusive: true }] : limits;
}

/** What one second recorded of one metric in one phase, all workers together. */
export interface MeasuredMetric {
  readonly phase: string;
  readonly metric: string;
  readonly distribution: Distribution;
}

export class RunFold {
  header: RunHeader | undefined;
  footer: RunFooter | undefined;
  readonly spans: PhaseSpan[] = [];
  readonly points: SecondPoint[] = [];
  /** Second → [turns intended, good ones]. */
  readonly goodput = new Map<number, readonly [number, number]>();
  /** Measurements of the hold's turns by label, once the run is over. */
  readonly breakdown: BreakdownRecord[] = [];
  readonly kept: KeptTurn[] = [];
  readonly findings: Finding[] = [];
  readonly access = new AccessFold();
  readonly notes: NoteRecord[] = [];
  /** Calls of the run's model endpoint; absent until the end, and if there is none. */
  model: ModelRecord | undefined;
  readonly faults = new FaultSpans();
  /** Resident memory of the target, as it reported it. */
  readonly targetMemory: (readonly [second: number, bytes: number])[] = [];
  /** Its other metrics by second, under their names in the scenario file. */
  readonly server = new Map<string, (readonly [second: number, value: number])[]>();
  /** Name → why its value was missing, the last time it was. */
  readonly serverMissing = new Map<string, string>();
  readonly #rules: readonly SlaRule[];
  readonly #over = new Map<number, readonly Excess[]>();
  readonly #phases = new Map<string, Map<string, Distribution>>();
  readonly #deltas = new Map<string, Map<number, number>>();

  /** Only if a rule needs it: it counts every sample a second time. */
  readonly halves: HalfFold | undefined;

  constructor(rules: readonly SlaRule[]) {
    this.#rules = rules;
    if (rules.some(({ metric }) => metric === OVER_TIME))
      this.halves = new HalfFold(this.spans, this.faults, (metric) => this.#empty(metric));
  }

  get rules(): readonly SlaRule[] {
    return this.#rules;
  }

  add(record: RunLogRecord): void {
    switch (record.type) {
      case "header":
        this.header = record;
        return;
      case "phase":
        this.spans.push(record.span);
        return;
      case "second":
        this.#addSecond(record);
        return;
      case "goodput": {
        const [turns, good] = this.goodput.get(record.second) ?? [0, 0];
        this.goodput.set(record.second, [turns + record.turns, good + record.good]);
        if (record.over)
          this.#over.set(record.second, [...(this.#over.get(record.second) ?? []), ...record.over]);
        return;
      }
      case "model":
        this.model = record;
        return;
      case "cohort":
        // For comparisons, which read it from the log themselves.
        return;
      case "breakdown":
        this.breakdown.push(record);
        return;
      case "turn":
        this.kept.push(record.turn);
        return;
      case "finding":
        this.findings.push(record.finding);
        return;
      case "probe":
        this.access.add(record);
        return;
      case "note":
        this.notes.push(record);
        return;
      case "fault":
        this.faults.add(record);
        return;
      case "target":
        this.#addTarget(record);
        return;
      case "footer":
        this.footer = record;
        return;
    }
  }

  /**
   * Adds a second measured in this process: like {@link add}, without decoding what was just encoded.
   * @param percentiles keep the second's in its point: reports read them from the log, a live page has no other source
   */
  addMeasured(record: SecondRecord, measured: readonly MeasuredMetric[], percentiles: boolean): void {
    const seconds = new Map<string, Distribution>();
    for (const { phase, metric, distribution } of measured) {
      this.#distribution(phase, metric).addAll(distribution);
      this.halves?.add(record.second, phase, metric, distribution);
      if (percentiles) this.#addTo(seconds, metric, distribution);
    }
    this.#addDeltas(record);
    this.points.push(pointOf(record, percentilesOf(seconds)));
  }

  #addTo(seconds: Map<string, Distribution>, metric: string, part: Distribution): void {
    const second = seconds.get(metric) ?? this.#empty(metric);
    second.addAll(part);
    seconds.set(metric, second);
  }

  /** Phases with samples. */
  get phaseKeys(): readonly string[] {
    return [...this.#phases.keys()];
  }

  metricsOf(phase: string): ReadonlyMap<string, Distribution> {
    return this.#phases.get(phase) ?? new Map();
  }

  /** All phases that the filter accepts, merged exactly; `undefined` if none of them has the metric. */
  merged(metric: string, takes: (phase: string) => boolean): Distribution | undefined {
    const parts = [...this.#phases]
      .filter(([phase]) => takes(phase))
      .flatMap(([, metrics]) => metrics.get(metric) ?? []);
    if (parts.length < 2) return parts[0];
    const whole = this.#empty(metric);
    for (const part of parts) whole.addAll(part);
    return whole;
  }

  /** What the SLAs judge: the whole hold, or one step of it. */
  held(metric: string, step?: string): Distribution | undefined {
    return this.merged(metric, (phase) => (step === undefined ? isJudged(phase) : phase === step));
  }

  /** Deliveries measured against an unknown clock: [delta in microseconds, count], ascending. */
  deltas(takes: (phase: string) => boolean): readonly (readonly [number, number])[] {
    const sum = new Map<number, number>();
    for (const [phase, counts] of this.#deltas) {
      if (!takes(phase)) continue;
      for (const [us, count] of counts) sum.set(us, (sum.get(us) ?? 0) + count);
    }
    return [...sum].sort(([a], [b]) => a - b);
  }

  /**
   * Turns of a second that were good, or would have been if less than `ownUs` faster: the generator's own delay may be what
   * put them over a limit.
   */
  goodWithout(ownUs: number, second: number): number {
    const [, good] = this.goodput.get(second) ?? [0, 0];
    const over = this.#over.get(second) ?? [];
    return over.reduce((sum, [power, turns]) => sum + (2 ** power <= ownUs ? turns : 0), good);
  }

  #addSecond(record: SecondRecord): void {
    const seconds = new Map<string, Distribution>();
    for (const [phase, metrics] of Object.entries(record.metrics)) {
      for (const [metric, state] of Object.entries(metrics)) {
        const part = Distribution.of(state, limitsOf(this.#rules, metric));
        this.#distribution(phase, metric).addAll(part);
        this.halves?.add(record.second, phase, metric, part);
        this.#addTo(seconds, metric, part);
      }
    }
    this.#addDeltas(record);
    this.points.push(pointOf(record, percentilesOf(seconds)));
  }

  #addTarget({ second, memoryBytes, values = {}, missing = {} }: TargetRecord): void {
    if (memoryBytes !== undefined) this.targetMemory.push([second, memoryBytes]);
    for (const [name, value] of Object.entries(values)) {
      const known = this.server.get(name);
      if (known) known.push([second, value]);
      else this.server.set(name, [[second, value]]);
    }
    for (const [name, why] of Object.entries(missing)) this.serverMissing.set(name, why);
  }

  #addDeltas(record: SecondRecord): void {
    for (const [phase, deltas] of Object.entries(record.deltas)) {
      const counts = this.#deltas.get(phase) ?? new Map<number, number>();
      this.#deltas.set(phase, counts);
      for (const [us, count] of deltas) counts.set(us, (counts.get(us) ?? 0) + count);
    }
  }

  #distribution(phase: string, metric: string): Distribution {
    const metrics = this.#phases.get(phase) ?? new Map<string, Distribution>();
    this.#phases.set(phase, metrics);
    const known = metrics.get(metric);
    if (known) return known;
    const made = this.#empty(metric);
    metrics.set(metric, made);
    return made;
  }

  #empty(metric: string): Distribution {
    return new Distribution(limitsOf(this.#rules, metric));
  }
}

function percentilesOf(seconds: ReadonlyMap<string, Distribution>): Record<string, SecondPercentiles> {
  const metrics: Record<string, SecondPercentiles> = {};
  for (const [metric, second] of seconds) {
    if (metric.endsWith(SERVICE_SUFFIX)) continue;
    const at = (share: number): number => second.valueAt(share) ?? 0;
    metrics[metric] = { n: second.attempts, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  }
  return metrics;
}

function pointOf(record: SecondRecord, metrics: SecondPoint["metrics"]): SecondPoint {
  const { type: _, deltas: __, starts, ...counts } = record;
  return { ...counts, starts, metrics };
}
