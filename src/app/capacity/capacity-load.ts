// The scenario of a capacity search at one load: the same journey and SLAs, another number of users or of starts.
import type { CapacityUnit } from "../../model/report/capacity.js";
import type { LoadSpec, Scenario, UsersLoad } from "../../scenarios/scenario.js";
import { UserError } from "../../support/errors.js";

const MINUTE_OF_RATE_SPAN = 60_000;
/** How fast users join if the scenario has no ramp, so that a probe does not start with a storm of logins. */
const JOINS_PER_SECOND = 100;
const SHORTEST_RAMP_US = 1_000_000;

export function unitOf({ load }: Scenario): CapacityUnit {
  return load.kind === "users" ? "users" : "starts a minute";
}

/** The peak load of the scenario as written. */
export function ownLoad({ load }: Scenario): number {
  return load.kind === "users"
    ? Math.max(...load.stages.map(({ users }) => users))
    : Math.ceil(Math.max(...load.stages.map(({ rate }) => rate)) / MINUTE_OF_RATE_SPAN);
}

/** The longest hold of the scenario: how long a confirmation lasts. */
export function ownHoldUs({ load }: Scenario): number {
  return Math.max(...load.stages.map(({ holdUs }) => holdUs));
}

/** The scenario with one ramp and one hold at this load, and no baseline step. */
export function scenarioAt(scenario: Scenario, load: number, holdUs: number): Scenario {
  return { ...scenario, load: loadAt(scenario.load, load, holdUs) };
}

function loadAt(load: LoadSpec, at: number, holdUs: number): LoadSpec {
  if (load.kind === "users") {
    const rampUs = Math.max(SHORTEST_RAMP_US, Math.ceil((at / ownJoinsPerSecond(load)) * 1_000_000));
    return { ...load, baseline: false, stages: [{ users: at, rampUs, holdUs }] };
  }
  const rate = at * MINUTE_OF_RATE_SPAN;
  const own = Math.max(...load.stages.map((stage) => stage.rate));
  // Sessions grow with the rate, so that the target is the limit and not the pool of sessions.
  const sessions = Math.max(load.sessions, Math.ceil((load.sessions * rate) / own));
  if (load.turns) return { ...load, sessions, stages: [{ rate, rampUs: 0, holdUs }] };
  const joinsPerSecond = load.joinUs > 0 ? (load.sessions * 1_000_000) / load.joinUs : JOINS_PER_SECOND;
  const joinUs = Math.max(load.joinUs, Math.ceil((sessions / joinsPerSecond) * 1_000_000));
  return { ...load, sessions, joinUs, stages: [{ rate, rampUs: 0, holdUs }] };
}

/** How fast users join on the way to the scenario's peak: a probe starts with no greater storm of logins. */
function ownJoinsPerSecond({ stages }: UsersLoad): number {
  const peak = Math.max(...stages.map(({ users }) => users));
  const rampUs = stages
    .slice(0, stages.findIndex(({ users }) => users === peak) + 1)
    .reduce((sum, stage) => sum + stage.rampUs, 0);
  return rampUs > 0 ? (peak * 1_000_000) / rampUs : JOINS_PER_SECOND;
}

/** Throws a `UserError` for a scenario whose load cannot be scaled. */
export function refuseUnsearchable({ name, groups, load }: Scenario): void {
  if (load.kind === "arrivals" && load.trace)
    throw new UserError(
      `${name} replays the trace ${load.trace.file}, which sets its own load`,
      "search by rate instead: load: { arrivals: 20/s, sessions: 200, hold: 30s }",
    );
  const fixed = (groups ?? []).filter((group) => "users" in group && group.users !== undefined);
  if (fixed.length === 0) return;
  throw new UserError(
    `${name} has groups with exact numbers of users (${fixed.map((group) => group.name).join(", ")})`,
    "use shares for a capacity search: exact numbers do not grow with the load",
  );
}
