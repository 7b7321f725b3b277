// The closed load as pure arithmetic: when each user is present, and when each phase is.
import type { PhaseSpan } from "../model/log/phase.js";
import type { UsersLoad, UsersStage } from "../scenarios/scenario.js";
import { stageSpans } from "./stages.js";

/** A span in which a user is present, microseconds after the ramp starts; it starts no turn at or after `toUs`. */
export interface UserWindow {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Most users at once over all stages. */
export function peakOfStages(load: UsersLoad): number {
  return Math.max(...load.stages.map((stage) => stage.users));
}

/** Users of the baseline step: a tenth of the peak, at least one; 0 if the load has none. */
export function closedBaselineUsers(load: UsersLoad): number {
  return load.baseline ? Math.max(1, Math.round(peakOfStages(load) / 10)) : 0;
}

/** From the start of the first ramp to the end of the last hold, microseconds. */
export function closedDurationUs(load: UsersLoad): number {
  return load.stages.reduce((total, stage) => total + stage.rampUs + stage.holdUs, 0);
}

/**
 * When user number `user` (from 0) is present. Users join in order of their numbers, evenly over a ramp up, and the last
 * to join are the first to leave over a ramp down. User k joins at k/n of the ramp: the first at its start, the last
 * before its end.
 */
export function closedWindows(load: UsersLoad, user: number): readonly UserWindow[] {
  const windows: UserWindow[] = [];
  let at = 0;
  let before = 0;
  let since: number | undefined;
  for (const stage of load.stages) {
    const rampEnd = at + stage.rampUs;
    if (since === undefined && user < stage.users) since = joinAt(at, stage, before, user);
    else if (since !== undefined && user >= stage.users) {
      windows.push({ fromUs: since, toUs: leaveAt(at, stage, before, user) });
      since = undefined;
    }
    before = stage.users;
    at = rampEnd + stage.holdUs;
  }
  if (since !== undefined) windows.push({ fromUs: since, toUs: at });
  return windows;
}

function joinAt(at: number, stage: UsersStage, before: number, user: number): number {
  return at + Math.ceil((stage.rampUs * (user - before)) / (stage.users - before));
}

function leaveAt(at: number, stage: UsersStage, before: number, user: number): number {
  return at + Math.ceil((stage.rampUs * (before - 1 - user)) / (before - stage.users));
}

/**
 * The phases of the load, absolute. The baseline starts at `startUs` and ends when the ramp starts; while that is unknown
 * (`rampUs` undefined) there is only an endless baseline. Several holds are `hold/1`, `hold/2` …
 */
export function closedSpans(
  load: UsersLoad,
  startUs: number,
  rampUs: number | undefined,
): readonly PhaseSpan[] {
  const spans: PhaseSpan[] = [];
  if (rampUs === undefined)
    return [{ key: "baseline", phase: "baseline", startUs, endUs: Number.POSITIVE_INFINITY }];
  if (rampUs > startUs) spans.push({ key: "baseline", phase: "baseline", startUs, endUs: rampUs });
  const stages = load.stages.map(({ users, rampUs: ramp, holdUs }) => ({
    rampUs: ramp,
    holdUs,
    label: `${users} users`,
  }));
  return [...spans, ...stageSpans(stages, rampUs)];
}
