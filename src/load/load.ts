// What both kinds of load share: how many sessions, how long, which users are present when, and the phases.
import type { PhaseSpan } from "../model/log/phase.js";
import type { LoadSpec } from "../scenarios/scenario.js";
import { arrivalSpans, arrivalsDurationUs, joinOffsetUs } from "./arrivals.js";
import {
  closedBaselineUsers,
  closedDurationUs,
  closedSpans,
  closedWindows,
  peakOfStages,
  type UserWindow,
} from "./closed-load.js";

/** Most users at once; for an open load, its sessions. */
export function peakUsers(load: LoadSpec): number {
  return load.kind === "arrivals" ? load.sessions : peakOfStages(load);
}

/** Users of the baseline step. An open load has none: its stages are compared with each other. */
export function baselineUsers(load: LoadSpec): number {
  return load.kind === "arrivals" ? 0 : closedBaselineUsers(load);
}

/** From the start of the ramp to the end of the last hold, microseconds. */
export function loadDurationUs(load: LoadSpec): number {
  return load.kind === "arrivals" ? arrivalsDurationUs(load) : closedDurationUs(load);
}

/** The time that the SLAs judge, microseconds. */
export function heldUs({ stages }: LoadSpec): number {
  return stages.reduce((sum, stage) => sum + stage.holdUs, 0);
}

/** When a user is present, microseconds after the ramp starts. A session of an open load stays until the end. */
export function userWindows(load: LoadSpec, user: number): readonly UserWindow[] {
  if (load.kind !== "arrivals") return closedWindows(load, user);
  return [{ fromUs: joinOffsetUs(load, user), toUs: arrivalsDurationUs(load) }];
}

/** The phases of the load, absolute. For a baseline step that has not ended, see the closed load's. */
export function phaseSpans(
  load: LoadSpec,
  startUs: number,
  rampUs: number | undefined,
): readonly PhaseSpan[] {
  return load.kind === "arrivals"
    ? arrivalSpans(load, rampUs ?? startUs)
    : closedSpans(load, startUs, rampUs);
}
