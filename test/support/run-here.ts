// A whole run inside the test's own process: real workers against a real backend, without processes or files.
import { AXES } from "../../src/commands/axes.js";
import type { Finding } from "../../src/model/finding.js";
import type { AnomalyCounts, Ledger } from "../../src/model/ledger.js";
import type { Probe } from "../../src/model/observation.js";
import type { CheckResult } from "../../src/model/run-log.js";
import type { FromWorker, Snapshot, ToWorker } from "../../src/run/messages.js";
import { judgeChecks, mergeStates } from "../../src/run/run-state.js";
import { Worker } from "../../src/run/worker.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import { nowUs } from "../../src/support/clock.js";

export interface RunHere {
  readonly checks: readonly CheckResult[];
  /** Findings of severity fail, as `check/code` → count. */
  readonly failures: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  readonly ledger: Ledger;
  readonly anomalies: AnomalyCounts;
  readonly probes: readonly Probe[];
  readonly snapshots: readonly Snapshot[];
}

interface Options {
  readonly workers?: number;
  readonly runSeed?: number;
}

/** Walks the scenario's journey with its users. `keys` are those of a scenario in a file; `target` those of a target. */
export async function runHere(
  target: Readonly<Record<string, unknown>>,
  keys: Readonly<Record<string, unknown>>,
  { workers = 1, runSeed = 77 }: Options = {},
): Promise<RunHere> {
  const text = JSON.stringify({
    version: 1,
    targets: { t: target },
    scenarios: { s: { target: "t", ...keys } },
  });
  const readText = (): string => "";
  const { scenarios } = loadScenarios({ path: "s.yaml", text, axes: AXES, env: {}, readText });
  const [scenario] = scenarios;
  if (!scenario) throw new Error("no scenario");
  const all: Member[] = [];
  for (let worker = 0; worker < workers; worker++) {
    const plan = {
      runSeed,
      runLabel: runSeed.toString(36),
      scenario,
      worker,
      workers,
      sources: [],
      goodLimits: { processingUs: undefined, responseUs: undefined },
      turnBudget: undefined,
    };
    all.push(memberOf(all, (tell) => new Worker(plan, tell)));
  }
  await Promise.all(all.map(({ worker }) => worker.prepare()));
  const start: ToWorker = {
    type: "start",
    startUs: nowUs() + 50_000,
    rampUs: nowUs() + 50_000,
    userIds: all.flatMap(({ userIds }) => userIds),
  };
  await Promise.all(all.map(({ worker }) => worker.handle(start)));
  const snapshots = all.flatMap(({ snapshots }) => snapshots);
  const states = all.flatMap(({ snapshots }) => snapshots.at(-1)?.state ?? []);
  const merged = mergeStates(states, "same", true);
  const { results, findings } = judgeChecks(scenario.checks, states, merged);
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
    probes: snapshots.flatMap(({ probes }) => probes),
    snapshots,
  };
}

interface Member {
  readonly worker: Worker;
  readonly snapshots: Snapshot[];
  userIds: readonly (readonly [string, number])[];
}

/** Listens to a worker as the coordinator does, and passes its directory on. */
function memberOf(all: readonly Member[], start: (tell: (message: FromWorker) => void) => Worker): Member {
  const snapshots: Snapshot[] = [];
  const member: Member = { worker: start(hear), snapshots, userIds: [] };
  return member;

  function hear(message: FromWorker): void {
    if (message.type === "prepared") member.userIds = message.userIds;
    const snapshot = message.type === "done" ? message.last : message;
    if (snapshot.type !== "snapshot") return;
    snapshots.push(snapshot);
    for (const other of all)
      if (other !== member) void other.worker.handle({ type: "directory", entries: snapshot.directory });
  }
}
