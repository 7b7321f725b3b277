// What a run is given: scenario, plan, header, and the listeners to its progress.
import type { RunHeader, RunLogRecord } from "../../model/log/run-log.js";
import type { TurnChoice } from "../../model/log/turn-line.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { Clock } from "../../support/clock.js";
import type { LogLevel, LogLine } from "../../support/log/log-lines.js";
import type { RunPlan } from "../plan/plan.js";
import type { RunModel } from "../process/run-model.js";
import type { FaultExecutor } from "../process/target-setup.js";
import type { StartWorker } from "../process/worker-link.js";
import type { CoordinatorState } from "./coordinator-state.js";

/** Reason of the signal if a rule of the run ends it rather than a person. */
export class Abort {
  constructor(readonly why: string) {}
}

export interface RunOptions {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly header: RunHeader;
  readonly runSeed: number;
  readonly workers: number;
  readonly clock: Clock;
  readonly startWorker: StartWorker;
  /** Local addresses that sockets go out from in turn; absent for the system's own choice. */
  readonly sources?: readonly string[];
  /** Time between the `start` message and the start, microseconds: enough to reach every worker. */
  readonly barrierUs?: number;
  /** A worker that is silent for this long is lost, microseconds. */
  readonly silenceUs?: number;
  /** Injects and undoes faults on the target and the network; needed only if the scenario has faults. */
  readonly executor?: FaultExecutor;
  /** How long an embedded backend has waited for a core so far, microseconds; `undefined` if unknown. */
  readonly backendWaitedUs?: () => number | undefined;
  /** Keep the percentiles of each second, for a live page. */
  readonly percentiles?: boolean;
  /** Log lines to request from workers; absent for none. */
  readonly logLevel?: LogLevel | undefined;
  /** Takes them, redacted, in the order of each worker. */
  readonly onLog?: (worker: number, lines: readonly LogLine[]) => void;
  /** Turns that get a line in turns.jsonl; absent for none. */
  readonly turns?: Exclude<TurnChoice, "none"> | undefined;
  /** Takes whole lines of turns.jsonl, redacted, in the order of each worker. */
  readonly onTurns?: (text: string) => void;
  /** The run's own model endpoint, if the scenario has one. */
  readonly model?: RunModel | undefined;
  /** Ends the run early, by a person unless its reason is an `Abort`; what was measured is kept. */
  readonly signal: AbortSignal;
  readonly emit: (record: RunLogRecord) => void;
  /** Something changed that a view may want to show. */
  readonly onChange: (state: CoordinatorState) => void;
}
