// The last record of a run: ledger, checks, and anything that prevents a verdict.

import type { CheckPart } from "../../checks/check.js";
import type { InvalidReason, NotChecked, RunFooter } from "../../model/log/run-log.js";
import type { Finding } from "../../model/turn/finding.js";
import type { SlaRule } from "../../model/verdict.js";
import type { CheckSpec } from "../../scenarios/scenario.js";
import { defined } from "../../support/defined.js";
import type { PrepareFailure, WorkerState } from "../process/messages.js";
import { judgeChecks, mergeStates } from "./run-state.js";
import { failedWhilePreparing } from "./start-failures.js";
import { probesOf, slowQueries, storeCauses } from "./store-failures.js";

/** If the wall clock moves this far against the monotonic one, its timestamps are worthless. */
const MAX_DRIFT_US = 100_000;

export interface FooterInput {
  readonly states: readonly WorkerState[];
  /** The coordinator's own parts of the checks that judge the calls of the run's model. */
  readonly modelParts?: Readonly<Record<string, CheckPart>>;
  readonly checks: readonly CheckSpec[];
  readonly rules: readonly SlaRule[];
  readonly clock: "same" | "unknown";
  /** From the start barrier; 0 if it was never reached. */
  readonly durationUs: number;
  readonly interrupted: boolean;
  /** The rule that ended the run early, if any. */
  readonly aborted?: string | undefined;
  readonly crashed: boolean;
  readonly lost: RunFooter["workersLost"];
  /** What failed while the users were prepared. */
  readonly failures: readonly PrepareFailure[];
  /** Why the load was not even started. */
  readonly startCauses: readonly InvalidReason[];
  /** Faults that could not be injected or undone. */
  readonly faultCauses: readonly InvalidReason[];
  readonly usersReady: number;
  /** What preparing showed to be impossible to check. */
  readonly notChecked?: readonly NotChecked[];
}

export function runFooter(input: FooterInput): {
  readonly footer: RunFooter;
  readonly findings: readonly Finding[];
} {
  const parts = [
    ...input.states.map(({ checks }) => checks),
    ...(input.modelParts ? [input.modelParts] : []),
  ];
  const merged = mergeStates(input.states, input.clock, true, parts);
  const judged = judgeChecks(input.checks, parts, merged, input.rules);
  const { results } = judged;
  const findings = [...judged.findings, ...slowQueries(probesOf(input.states))];
  const footer: RunFooter = {
    type: "footer",
    durationMs: Math.round(input.durationUs / 1000),
    interrupted: input.interrupted,
    crashed: input.crashed,
    ledger: merged.ledger,
    ledgerByPhase: merged.ledgerByPhase,
    starts: merged.starts,
    anomalies: merged.anomalies,
    checks: results,
    checkCounters: merged.checkCounters,
    clock: merged.clock,
    workersLost: input.lost,
    invalid: [
      ...input.startCauses,
      ...input.faultCauses,
      ...lateCauses(input, merged.clock.driftUs),
      ...storeCauses(input.rules, probesOf(input.states)),
    ],
    usersReady: input.startCauses.length > 0 ? 0 : input.usersReady,
    ...(input.notChecked?.length ? { notChecked: input.notChecked } : {}),
    unrecognised: merged.unrecognised.slice(0, 20),
    ...defined({ usage: merged.usage, extensions: merged.extensions, aborted: input.aborted }),
    // Workers that ran also report what failed while preparing.
    failedRequests: input.states.length > 0 ? merged.failedRequests : failedWhilePreparing(input.failures),
  };
  return { footer, findings };
}

function lateCauses({ lost, durationUs }: FooterInput, driftUs: number): readonly InvalidReason[] {
  const causes: InvalidReason[] = lost.map(({ worker, cause }) => ({
    code: "worker-lost",
    message: `worker ${worker} was lost (${cause}) and its users with it`,
    advice: "look for the kernel's out-of-memory killer, or for who ended the process",
  }));
  if (durationUs > 0 && Math.abs(driftUs) > MAX_DRIFT_US) {
    causes.push({
      code: "clock-jumped",
      message: `the wall clock moved by ${Math.round(driftUs / 1000)} ms during the run`,
      advice: "events are timed against it: run again with a steady clock",
    });
  }
  return causes;
}
