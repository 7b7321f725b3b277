// The settings of a run as its command gives them, and how it is launched: worker processes and a clock.
import type { OtlpSettings } from "../../export/settings.js";
import type { FleetWish } from "../../fleet/coordinator/fleet.js";
import type { Invocation } from "../../model/log/run-log.js";
import type { TurnChoice } from "../../model/log/turn-line.js";
import type { ProgressView } from "../../progress/state.js";
import type { Locate } from "../../report/formats/annotations.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import type { WorkerWish } from "../../run/plan/worker-count.js";
import type { StartWorker } from "../../run/process/worker-link.js";
import { startWorkerProcess } from "../../run/process/worker-process.js";
import { type Clock, systemClock } from "../../support/clock.js";
import type { LiveSettings } from "../live/watch-run.js";
import type { Copies } from "./copies.js";
import type { LogSettings } from "./diagnostic-log.js";

export interface RunSettings {
  readonly workers: WorkerWish;
  /** Users run on other machines. */
  readonly fleet?: FleetWish | undefined;
  readonly reports: string;
  readonly strict: boolean;
  readonly invocation?: Invocation;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
  /** In a suite: `3/17`, shown with the scenario's name. Then the suite writes the step summary. */
  readonly place?: string;
  /** Add it to the history of the reports folder. */
  readonly history?: boolean;
  /** Where telemetry is sent during the run. */
  readonly otlp?: OtlpSettings | undefined;
  /** Further copies of files in the report folder, of the suite if the run is part of one. */
  readonly copies?: Copies;
  readonly log?: LogSettings | undefined;
  /** Which turns get a line in turns.jsonl; absent for none. */
  readonly turns?: Exclude<TurnChoice, "none"> | undefined;
  /** Print the table of LLM benchmarks. */
  readonly llm?: boolean;
  /** Print failed requests as they happen. */
  readonly verbose?: boolean;
  /** Finds the place in the scenario file for an annotation. */
  readonly locate?: Locate;
  /** Replaces the terminal. */
  readonly view?: ProgressView;
  /** Serve a live page during the run. */
  readonly live?: LiveSettings | undefined;
  /** Any broken rule ends the run, not only those with `abort`. */
  readonly abortOnFail?: boolean;
  /** Called during the run; `true` ends it early. */
  readonly endWhen?: (state: CoordinatorState) => boolean;
}

export interface RunLaunch {
  /** On this machine; a fleet has its own. */
  readonly startWorker: StartWorker;
  readonly clock: Clock;
}

export const LOCAL_LAUNCH: RunLaunch = { startWorker: startWorkerProcess, clock: systemClock };
