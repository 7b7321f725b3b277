// Records of a made-up run: header, seconds and footer, put together from raw samples as a coordinator would.
import { Distribution, HistogramEncoder } from "../../src/metrics/distribution.js";
import { limitsOf, RunFold } from "../../src/metrics/run-fold.js";
import type { MetricState } from "../../src/model/log/metric-state.js";
import type { RunFooter, RunHeader, RunLogRecord, SecondRecord } from "../../src/model/log/run-log.js";
import { emptyAnomalies, emptyLedger, type Ledger } from "../../src/model/turn/ledger.js";
import type { RuleOrigin, SlaRule } from "../../src/model/verdict.js";
import { parseRule } from "../../src/sla/grammar.js";

export function rule(metric: string, text: string, origin: RuleOrigin = "scenario"): SlaRule {
  const parsed = parseRule(metric, text, origin);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.rule;
}

export function header(fields: Partial<RunHeader> = {}): RunHeader {
  return {
    type: "header",
    version: 1,
    runId: "0123abcd",
    tool: { name: "gp-load", version: "0.0.0" },
    startedAt: "2026-03-04T05:06:07.890Z",
    scenario: { name: "sample", description: "a sample", tags: [] },
    target: {
      name: "reference",
      profile: "golden-path",
      url: "http://127.0.0.1:1",
      embedded: true,
      clock: "same",
    },
    seed: 1,
    workers: 1,
    plannedUsers: 10,
    plannedTurns: 1000,
    plannedSamples: {},
    rules: [],
    checks: [],
    notChecked: [],
    turnTimeoutUs: 90_000_000,
    strict: false,
    machine: { node: "v20", platform: "test", cpus: 2, cpuModel: "test", memoryBytes: 1 },
    scenarioData: {},
    ...fields,
  };
}

export function ledger(fields: Partial<Ledger> = {}): Ledger {
  return { ...emptyLedger(), ...fields };
}

export interface Recorded {
  readonly samples?: readonly number[];
  readonly censored?: number;
}

/** What a coordinator makes of the samples of one second. */
export function metricState(rules: readonly SlaRule[], metric: string, recorded: Recorded): MetricState {
  const distribution = new Distribution(limitsOf(rules, metric));
  for (const us of recorded.samples ?? []) distribution.add(us);
  distribution.censor(recorded.censored ?? 0);
  return distribution.state(new HistogramEncoder());
}

export function second(
  number: number,
  rules: readonly SlaRule[],
  metrics: Readonly<Record<string, Readonly<Record<string, Recorded>>>>,
  fields: Partial<SecondRecord> = {},
): SecondRecord {
  return {
    type: "second",
    second: number,
    phase: "hold",
    usersLive: 10,
    usersStarted: 10,
    turnsStarted: 0,
    turnsEnded: 0,
    turnsInFlight: 0,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([phase, byMetric]) => [
        phase,
        Object.fromEntries(
          Object.entries(byMetric).map(([metric, one]) => [metric, metricState(rules, metric, one)]),
        ),
      ]),
    ),
    deltas: {},
    errors: {},
    generator: [
      { worker: 0, cpu: 0.2, loopDelayP99Us: 500, sendLagP99Us: 400, gcUs: 100, rssBytes: 80_000_000 },
    ],
    ...fields,
  };
}

export function footer(fields: Partial<RunFooter> = {}): RunFooter {
  const all = fields.ledger ?? ledger();
  return {
    type: "footer",
    durationMs: 10_000,
    interrupted: false,
    crashed: false,
    ledger: all,
    ledgerByPhase: { hold: all },
    anomalies: emptyAnomalies(),
    checks: [],
    checkCounters: {},
    clock: { mode: "same", stamped: 0, lowUs: undefined, highUs: undefined, future: 0, driftUs: 0 },
    workersLost: [],
    invalid: [],
    starts: {},
    usersReady: 10,
    unrecognised: [],
    ...fields,
  };
}

export function folded(rules: readonly SlaRule[], records: readonly RunLogRecord[]): RunFold {
  const fold = new RunFold(rules);
  for (const record of records) fold.add(record);
  return fold;
}

/** So many samples of the same duration. */
export function times(count: number, us: number): number[] {
  return Array.from({ length: count }, () => us);
}
