// What a live view is drawn from: how a run stands, as its coordinator knows it.
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
  /** Things left to do in the present phase (turns to drain, threads to settle), where it is known. */
  readonly left: number | undefined;
}
