// What a run is asked for by its command, and what it is launched with: processes and a clock.
import type { OtlpSettings } from "../../export/settings.js";
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
import type { FleetSettings } from "./join-fleet.js";
import type { LogSettings } from "./run-log.js";

export interface RunSettings {
  readonly workers: WorkerWish;
  /** Other machines carry the users. */
  readonly fleet?: FleetSettings | undefined;
  readonly reports: string;
  readonly strict: boolean;
  /** The command line that asked for it. */
  readonly invocation?: Invocation;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
  /** Part of a suite: `3/17`, shown next to the scenario's name. The suite writes the step summary, not the run. */
  readonly place?: string;
  /** Add it to the history of the reports folder. */
  readonly history?: boolean;
  /** Where telemetry of the run is sent while it goes on. */
  readonly otlp?: OtlpSettings | undefined;
  /** Where the CI wants further copies of what is in the report folder; of the suite, where the run is part of one. */
  readonly copies?: Copies;
  /** The log for people who look for a cause; absent for none. */
  readonly log?: LogSettings | undefined;
  /** Turns that are to have a line in turns.jsonl; absent for none. */
  readonly turns?: Exclude<TurnChoice, "none"> | undefined;
  /** Print the table of benchmarks of language models. */
  readonly llm?: boolean;
  /** Say at once which requests failed. */
  readonly verbose?: boolean;
  /** Where the scenario file says what an annotation is about. */
  readonly locate?: Locate;
  /** Shown the run instead of a terminal. */
  readonly view?: ProgressView;
  /** Its page is served while it goes on. */
  readonly live?: LiveSettings | undefined;
  /** Every rule ends the run as soon as it is broken, and not only those that say so. */
  readonly abortOnFail?: boolean;
  /** Asked as the run goes on; `true` ends it early. */
  readonly endWhen?: (state: CoordinatorState) => boolean;
}

export interface RunLaunch {
  /** Of this machine; a fleet brings its own. */
  readonly startWorker: StartWorker;
  readonly clock: Clock;
}

/** Child processes of this one, and the machine's clock. */
export const LOCAL_LAUNCH: RunLaunch = { startWorker: startWorkerProcess, clock: systemClock };
