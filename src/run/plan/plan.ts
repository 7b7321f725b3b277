// The plan of a run before it starts: phases, rules, and the expected number of turns and samples.

import { type ExpectedWork, expectedWork } from "../../load/expected-work.js";
import { heldUs, loadDurationUs, peakUsers, phaseSpans } from "../../load/load.js";
import { peopleOf } from "../../load/people.js";
import type { PhaseSpan } from "../../model/log/phase.js";
import type { GroupOfRun } from "../../model/log/run-log.js";
import type { SlaRule } from "../../model/verdict.js";
import { groupSizes } from "../../scenarios/rules/groups.js";
import { allSteps } from "../../scenarios/rules/nested.js";
import type { Scenario, StepSpec } from "../../scenarios/scenario.js";
import { passOf } from "../../session/steps/index.js";
import { NOTHING_PLANNED, type StepPlan } from "../../session/steps/step.js";
import { effectiveRules } from "../../sla/defaults.js";
import { minimumSamples } from "../../sla/samples.js";
import { defined } from "../../support/defined.js";

/** Metrics that every run produces, whatever its journey. */
const ALWAYS = ["login"] as const;

/** Shares of the answers; their defaults only apply if the check that judges them is on. */
const QUALITY_METRICS = [
  "quality.substantive",
  "quality.relevant",
  "quality.complete",
  "quality.recall",
] as const;

/** Assumed duration of a turn until it is known; the plan is an estimate and says so. */
export const ASSUMED_TURN_US = 1_000_000;

/** Samples of the baseline step that its p95 needs. */
const BASELINE_SAMPLES = minimumSamples(95_000);

/** Shortest hold in which a target's memory is judged over time: before that, a process is still warming up. */
const WARM_HOLD_US = 600_000_000;

/** Shortest hold whose halves are compared: a shorter one says little about changes over time. */
const LONG_HOLD_US = 60_000_000;

export interface RunPlan
  extends Pick<ExpectedWork, "startsPerSecond" | "turnsPerSecond">,
    Pick<StepPlan, "tellsFacts" | "plantsRecords"> {
  readonly users: number;
  /** In the order of the file; empty if all users walk the same journey. */
  readonly groups: readonly GroupOfRun[];
  readonly baselineUsers: number;
  /** Number of turns after which the baseline step ends. */
  readonly baselineSamples: number;
  /** Most time the baseline step may take to collect its samples; 0 without one. */
  readonly baselineCapUs: number;
  /** Ramp and hold; the baseline before them lasts as long as it needs. */
  readonly loadUs: number;
  /** As if the ramp started at 0; without the baseline. */
  readonly phases: readonly PhaseSpan[];
  readonly rules: readonly SlaRule[];
  /** Turns of ramp and hold together, estimated with turns of {@link ASSUMED_TURN_US}. */
  readonly plannedTurns: number;
  /** Starts of an open load, all stages together; `undefined` for a closed one. */
  readonly plannedStarts: number | undefined;
  /** Samples of each metric in the hold, estimated. */
  readonly plannedSamples: Readonly<Record<string, number>>;
  /** Names of the journey's steps; what they need is checked against the profile before the start. */
  readonly steps: readonly string[];
}

/** @param turnUs assumed duration of a turn */
export function planRun(scenario: Scenario, turnUs: number = ASSUMED_TURN_US): RunPlan {
  const { load, target } = scenario;
  const users = peakUsers(load);
  const groups = plannedGroups(scenario, users);
  const coming = load.kind === "arrivals" && load.turns !== undefined;
  const walked = groups.map(({ journey, size }) => ({ users: size, ...partsOf(journey, coming) }));
  const expected = expectedWork(scenario, walked, turnUs);
  const lowestHeld = lowestHeldUsers(load);
  const steps = groups.flatMap(({ journey }) => allSteps(journey)).map(({ step }) => step);
  const memory = (target.metrics ?? []).some((source) => source.memory) && holdsFor(load, WARM_HOLD_US);
  const produced = new Set<string>([...ALWAYS, ...Object.keys(expected.samples)]);
  if (target.accounts.kind === "tokens") produced.delete("login");
  // Where sessions come and go, the number of users varies.
  if (coming) produced.delete("users.live");
  if (coming) produced.add("arrivals.dropped");
  if (expected.turns > 0) for (const metric of QUALITY_METRICS) produced.add(metric);
  const samples = { ...expected.samples };
  if (target.stores) {
    const probes = target.stores.list.length * target.stores.probesPerSecond;
    samples["store.query"] = (probes * heldUs(load)) / 1e6;
    produced.add("store.query");
  }
  /** Some users stay out of the baseline step. */
  const apart = (scenario.groups ?? []).some((group) => !group.baseline);
  const baseline = peopleOf(scenario).baseline.size;
  const rules = effectiveRules(scenario.sla, {
    produced,
    checks: new Set(scenario.checks.map(({ check }) => check)),
    users: lowestHeld,
    longHold: holdsFor(load, LONG_HOLD_US),
    memory,
    coming,
    // The hold has users that the baseline lacked: such differences are not degradation.
    baseline: baseline > 0 && !apart,
  });
  const passes = groups.map(({ journey }) => passOf(journey));
  const { starts: plannedStarts, startsPerSecond, turnsPerSecond } = expected;
  return {
    users,
    groups: groups.flatMap(({ name, size, note }) =>
      name === undefined ? [] : [{ name, users: size, ...defined({ note }) }],
    ),
    baselineUsers: baseline,
    // Comparing users with themselves leaves out their first turns.
    baselineSamples: BASELINE_SAMPLES + (apart ? baseline : 0),
    baselineCapUs: baseline > 0 ? Math.max(60_000_000, load.stages.at(-1)?.holdUs ?? 0) : 0,
    loadUs: loadDurationUs(load),
    phases: phaseSpans(load, 0, 0),
    rules,
    plannedTurns: Math.floor(expected.turns),
    ...{ plannedStarts, startsPerSecond, turnsPerSecond },
    plannedSamples: Object.fromEntries(
      Object.entries(samples).map(([metric, count]) => [metric, Math.floor(count)]),
    ),
    steps,
    tellsFacts: passes.some((pass) => pass.tellsFacts),
    plantsRecords: passes.some((pass) => pass.plantsRecords),
  };
}

/** Work of each session besides its journey. */
const LOG_IN: StepSpec = { step: "login", options: {} };

/** @param coming sessions come and go: all but the endless loop is done once in each */
function partsOf(journey: readonly StepSpec[], coming: boolean) {
  if (!coming) return { perSession: NOTHING_PLANNED, perPass: passOf(journey) };
  const repeated = journey.filter((spec) => passOf([spec]).endless);
  const once = journey.filter((spec) => !repeated.includes(spec));
  return { perSession: passOf([...once, LOG_IN]), perPass: passOf(repeated) };
}

function holdsFor({ stages }: Scenario["load"], us: number): boolean {
  return stages.some(({ holdUs }) => holdUs >= us);
}

interface PlannedGroup {
  readonly name: string | undefined;
  readonly note: string | undefined;
  readonly journey: readonly StepSpec[];
  readonly size: number;
}

/** The groups with their sizes; without groups, all users form one unnamed group. */
function plannedGroups({ journey, groups }: Scenario, users: number): readonly PlannedGroup[] {
  if (!groups) return [{ name: undefined, note: undefined, journey, size: users }];
  const sizes = groupSizes(groups, users);
  return groups.map(({ name, note, journey: own }, at) => ({
    name,
    note,
    journey: own,
    size: sizes[at] ?? 0,
  }));
}

/** Limit for `users.live`: the smallest number of users in any hold; for an open load, all sessions. */
function lowestHeldUsers(load: Scenario["load"]): number {
  if (load.kind === "arrivals") return load.sessions;
  const held = load.stages.filter((stage) => stage.holdUs > 0).map((stage) => stage.users);
  return held.length > 0 ? Math.min(...held) : peakUsers(load);
}
