// Derives a user's group, journey, worker and place in the baseline step from its number alone.
import { groupNumbers } from "../scenarios/rules/groups.js";
import type { GroupSpec, Scenario, StepSpec } from "../scenarios/scenario.js";
import { baselineUsers, peakUsers } from "./load.js";

export interface People {
  /** `undefined` if the scenario has no groups. */
  groupOf(user: number): GroupSpec | undefined;
  journeyOf(user: number): readonly StepSpec[];
  /** Users of one worker: together the slices are all users, and each has its share of every group. */
  shardOf(worker: number, workers: number): readonly number[];
  /** Users of the baseline step, each with its place in it from 0; empty if the load has none. */
  readonly baseline: ReadonlyMap<number, number>;
}

export function peopleOf({
  load,
  journey,
  groups = [],
}: Pick<Scenario, "load" | "journey" | "groups">): People {
  const users = peakUsers(load);
  if (groups.length === 0) {
    return {
      groupOf: () => undefined,
      journeyOf: () => journey,
      shardOf: (worker, workers) => sliceOf(users, worker, workers),
      baseline: placesOf(sliceOf(baselineUsers(load), 0, 1)),
    };
  }
  const numbers = groupNumbers(groups, users);
  const groupOf = (user: number): GroupSpec | undefined => groups[numbers[user] ?? -1];
  return {
    groupOf,
    journeyOf: (user) => groupOf(user)?.journey ?? journey,
    shardOf: (worker, workers) => dealt(numbers, worker, workers),
    baseline: placesOf(baselineOf(load, groups, groupOf)),
  };
}

/**
 * A tenth of the users, as in any load. If a group stays out of the baseline, instead all users of the first stage from
 * the other groups, so that the ramp adds that group and nothing else.
 */
function baselineOf(
  load: Scenario["load"],
  groups: readonly GroupSpec[],
  groupOf: People["groupOf"],
): readonly number[] {
  const tenth = baselineUsers(load);
  if (tenth === 0 || load.kind === "arrivals" || groups.every(({ baseline }) => baseline))
    return sliceOf(tenth, 0, 1);
  return sliceOf(load.stages[0]?.users ?? 0, 0, 1).filter((user) => groupOf(user)?.baseline);
}

/** Users of one worker's slice: numbers `worker`, `worker + workers`, … so that all slices ramp alike. */
export function sliceOf(users: number, worker: number, workers: number): readonly number[] {
  const slice: number[] = [];
  for (let user = worker; user < users; user += workers) slice.push(user);
  return slice;
}

function placesOf(users: readonly number[]): ReadonlyMap<number, number> {
  return new Map(users.map((user, place) => [user, place]));
}

/** Each group is dealt to the workers one by one, starting with a different worker per group. */
function dealt(numbers: Uint8Array, worker: number, workers: number): readonly number[] {
  const next: number[] = [];
  const slice: number[] = [];
  for (const [user, group] of numbers.entries()) {
    const place = next[group] ?? group;
    if (place % workers === worker) slice.push(user);
    next[group] = place + 1;
  }
  return slice;
}
