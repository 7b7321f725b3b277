// A whole run inside the test's own process: real workers against a real backend, without processes or files.

import { AXES } from "../../src/app/axes.js";
import { phaseSpans } from "../../src/load/load.js";
import { RunFold } from "../../src/metrics/run-fold.js";
import type { Probe } from "../../src/model/log/observation.js";
import { phaseOfSecond } from "../../src/model/log/phase.js";
import type { CheckResult } from "../../src/model/log/run-log.js";
import type { Finding } from "../../src/model/turn/finding.js";
import type { AnomalyCounts, Ledger } from "../../src/model/turn/ledger.js";
import type { SlaResult } from "../../src/model/verdict.js";
import { judgeChecks, type MergedState, mergeStates } from "../../src/run/coordinator/run-state.js";
import { SecondMerger } from "../../src/run/coordinator/second-merger.js";
import { planRun, type RunPlan } from "../../src/run/plan/plan.js";
import type { FromWorker, Snapshot, ToWorker } from "../../src/run/process/messages.js";
import { Worker } from "../../src/run/worker/worker.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import type { Scenario } from "../../src/scenarios/scenario.js";
import { assess } from "../../src/sla/assess.js";
import { NO_OWN_DELAY } from "../../src/sla/own-delay.js";
import { nowUs } from "../../src/support/clock.js";

export interface RunHere {
  readonly checks: readonly CheckResult[];
  /** Findings of severity fail, as `check/code` → count. */
  readonly failures: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  readonly ledger: Ledger;
  readonly anomalies: AnomalyCounts;
  /** Messages that were stored before the load. */
  readonly stored: number;
  readonly probes: readonly Probe[];
  readonly sla: readonly SlaResult[];
  readonly snapshots: readonly Snapshot[];
}

interface Options {
  readonly workers?: number;
  readonly runSeed?: number;
  /** What trace ids are made from. */
  readonly traceKey?: string;
  /** What every file holds that the scenario names. */
  readonly fileText?: string;
  /** Files beside the scenario file. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Walks the scenario's journey with its users. `keys` are those of a scenario in a file; `target` those of a target. */
export async function runHere(
  target: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, unknown>>,
  { workers = 1, runSeed = 77, traceKey, fileText = "", files = {} }: Options = {},
): Promise<RunHere> {
  const text = JSON.stringify({
    version: 1,
    targets: { t: target },
    scenarios: { s: { target: "t", ...keys } },
  });
  const readText = (path: string): string => files[path] ?? fileText;
  const { scenarios } = loadScenarios({
    path: "s.yaml",
    parts: [{ path: "s.yaml", text }],
    axes: AXES,
    env: {},
    readText,
  });
  const [scenario] = scenarios;
  if (!scenario) throw new Error("no scenario");
  const all: RemoteAgent[] = [];
  for (let worker = 0; worker < workers; worker++) {
    const plan = {
      runSeed,
      runLabel: runSeed.toString(36),
      traceKey,
      scenario,
      worker,
      workers,
      sources: [],
      goodLimits: {},
      recalls: true,
      slowQueryUs: Number.POSITIVE_INFINITY,
      turnBudget: undefined,
    };
    all.push(memberOf(all, (tell) => new Worker(plan, tell)));
  }
  await Promise.all(all.map(({ worker }) => worker.prepare()));
  const startUs = nowUs() + 50_000;
  const userIds = all.flatMap((member) => member.userIds);
  const start = { type: "start", startUs, startWallUs: 0, rampUs: startUs, userIds } satisfies ToWorker;
  await Promise.all(all.map(({ worker }) => worker.handle(start)));
  const plan = planRun(scenario);
  const snapshots = all.flatMap(({ snapshots }) => snapshots);
  const states = all.flatMap(({ snapshots }) => snapshots.at(-1)?.state ?? []);
  const merged = mergeStates(states, "same", true);
  const { results, findings } = judgeChecks(
    scenario.checks,
    states.map(({ checks }) => checks),
    merged,
  );
  return {
    checks: results,
    findings,
    failures: Object.fromEntries(
      findings.flatMap(({ check, code, severity, count }) =>
        severity === "fail" ? [[`${check}/${code}`, count]] : [],
      ),
    ),
    ledger: merged.ledger,
    anomalies: merged.anomalies,
    stored: all.reduce((sum, member) => sum + member.stored, 0),
    probes: snapshots.flatMap(({ probes }) => probes),
    sla: judged(plan, all, start.startUs, scenario, merged),
    snapshots,
  };
}

interface RemoteAgent {
  readonly worker: Worker;
  readonly snapshots: Snapshot[];
  stored: number;
  userIds: readonly (readonly [string, number])[];
}

/** Listens to a worker as the coordinator does, and passes its directory on. */
function memberOf(
  all: readonly RemoteAgent[],
  start: (tell: (message: FromWorker) => void) => Worker,
): RemoteAgent {
  const snapshots: Snapshot[] = [];
  const member: RemoteAgent = { worker: start(hear), snapshots, stored: 0, userIds: [] };
  return member;

  function hear(message: FromWorker): void {
    if (message.type === "prepared") {
      member.userIds = message.userIds;
      member.stored = message.stored?.stored ?? 0;
    }
    const snapshot = message.type === "done" ? message.last : message;
    if (snapshot.type !== "snapshot") return;
    snapshots.push(snapshot);
    for (const other of all)
      if (other !== member) void other.worker.handle({ type: "directory", entries: snapshot.directory });
  }
}

/** The rules judged over the workers' merged seconds, as the coordinator and the report do. */
function judged(
  plan: RunPlan,
  members: readonly RemoteAgent[],
  startUs: number,
  scenario: Scenario,
  merged: MergedState,
): readonly SlaResult[] {
  const fold = new RunFold(plan.rules);
  const spans = phaseSpans(scenario.load, startUs, startUs);
  for (const span of spans) if (span.phase !== "drain") fold.add({ type: "phase", span });
  const merger = new SecondMerger({
    rules: plan.rules,
    workers: members.map((_, number) => number),
    phaseAt: (second) => phaseOfSecond(spans, startUs + second * 1_000_000),
    emit: (record, measured) => fold.addMeasured(record, measured, false),
  });
  for (const { snapshots } of members) for (const snapshot of snapshots) merger.add(snapshot);
  for (const number of members.keys()) merger.leave(number);
  const state = { ...merged, starts: {}, workersLost: 0 };
  const { plannedSamples } = plan;
  return assess(fold, state, { plannedSamples, own: NO_OWN_DELAY, turnTimeoutUs: scenario.turn.timeoutUs });
}
