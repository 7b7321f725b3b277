// The state of a run as its coordinator knows it: what a live view shows.
import type { RunFold } from "../../metrics/run-fold.js";
import type { PhaseName } from "../../model/log/phase.js";
import type { Snapshot } from "../process/messages.js";

export interface CoordinatorState {
  readonly phase: PhaseName;
  readonly startUs: number | undefined;
  readonly rampUs: number | undefined;
  readonly usersReady: number;
  readonly fold: RunFold;
  readonly snapshots: readonly Snapshot[];
  readonly workersLost: number;
  /** What is left in the current phase (turns to drain, threads to settle), if known. */
  readonly remaining: number | undefined;
}
