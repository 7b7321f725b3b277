// The plan of a run before it starts: phases, rules, and how many turns and samples are to be expected.

import { perSecond } from "../../load/arrivals.js";
import { loadDurationUs, peakUsers, phaseSpans } from "../../load/load.js";
import { peopleOf } from "../../load/people.js";
import type { PhaseSpan } from "../../model/log/phase.js";
import type { GroupOfRun } from "../../model/log/run-log.js";
import type { SlaRule } from "../../model/verdict.js";
import { groupSizes } from "../../scenarios/rules/groups.js";
import type { Scenario, StepSpec } from "../../scenarios/scenario.js";
import { stepNamed } from "../../session/steps/index.js";
import { NOTHING_PLANNED, type StepPlan } from "../../session/steps/step.js";
import { effectiveRules } from "../../sla/defaults.js";
import { minimumSamples } from "../../sla/samples.js";
import { expectedIterations, startsOf } from "./expected-iterations.js";

/** Metrics that every run produces whatever its journey does. */
const ALWAYS = ["login"] as const;

/** Shares of the answers; a default applies to them only where the check that judges them is on. */
const QUALITY_METRICS = [
  "quality.substantive",
  "quality.relevant",
  "quality.complete",
  "quality.recall",
] as const;

/** What a turn is taken to last where nobody knows yet; the plan is an estimate and says so. */
export const ASSUMED_TURN_US = 1_000_000;

/** Samples of the baseline step that its p95 needs. */
const BASELINE_SAMPLES = minimumSamples(95_000);

/** From here on a target's memory is judged over time: before, a process warms up. */
const WARM_HOLD_US = 600_000_000;

/** From here on the halves of a hold are compared: shorter ones tell little about time. */
const LONG_HOLD_US = 60_000_000;

export interface RunPlan {
  readonly users: number;
  /** In the order of the file; empty where all users walk the same journey. */
  readonly groups: readonly GroupOfRun[];
  readonly baselineUsers: number;
  /** Turns that the baseline step ends after. */
  readonly baselineSamples: number;
  /** Longest that the baseline step may take to gather its samples; 0 without one. */
  readonly baselineCapUs: number;
  /** Ramp and hold; the baseline before them lasts as long as it must. */
  readonly loadUs: number;
  /** As if the ramp began at 0; the baseline is not among them. */
  readonly phases: readonly PhaseSpan[];
  readonly rules: readonly SlaRule[];
  /** Turns of ramp and hold together, estimated with turns of {@link ASSUMED_TURN_US}. */
  readonly plannedTurns: number;
  /** Starts of an open load, all stages together; `undefined` for a closed one. By chance they are only about so many. */
  readonly plannedStarts: number | undefined;
  /** Samples of each metric in the hold, estimated. */
  readonly plannedSamples: Readonly<Record<string, number>>;
  /** Capabilities that the journey asks for: step → what it needs, checked against the profile before the start. */
  readonly steps: readonly string[];
}

export function planRun(scenario: Scenario): RunPlan {
  const { load } = scenario;
  const users = peakUsers(load);
  const phases = phaseSpans(load, 0, 0);
  const people = peopleOf(scenario);
  const groups = plannedGroups(scenario, users);
  const iterations = groups.map(({ journey, size }) => {
    const iteration = planOf(journey);
    const perPassUs = iteration.thinkUs + iteration.turns * ASSUMED_TURN_US;
    return {
      iteration,
      ...expectedIterations(load, iteration.endless && perPassUs > 0 ? perPassUs : undefined, size),
    };
  });
  const expected: Record<string, number> = {};
  for (const { iteration, hold } of iterations) {
    for (const [metric, count] of Object.entries(iteration.samples))
      expected[metric] = (expected[metric] ?? 0) + (count ?? 0) * hold;
  }
  const turns = iterations.reduce(
    (sum, { iteration, hold, ramp }) => sum + iteration.turns * (hold + ramp),
    0,
  );
  const produced = new Set<string>([...ALWAYS, ...Object.keys(expected)]);
  if (scenario.target.accounts.kind === "tokens") produced.delete("login");
  if (turns > 0) for (const metric of QUALITY_METRICS) produced.add(metric);
  const { stores } = scenario.target;
  if (stores) expected["store.query"] = (stores.list.length * stores.probesPerSecond * holdUs(load)) / 1e6;
  if (stores) produced.add("store.query");
  const baseline = people.baseline.size;
  /** Some users stay out of the baseline step. */
  const apart = (scenario.groups ?? []).some((group) => !group.baseline);
  return {
    users,
    groups: groups.flatMap(({ name, size, note }) =>
      name === undefined ? [] : [{ name, users: size, ...(note === undefined ? {} : { note }) }],
    ),
    baselineUsers: baseline,
    // Who compares users with themselves leaves their first turns out.
    baselineSamples: BASELINE_SAMPLES + (apart ? baseline : 0),
    baselineCapUs: baseline > 0 ? Math.max(60_000_000, load.stages.at(-1)?.holdUs ?? 0) : 0,
    loadUs: loadDurationUs(load),
    phases,
    rules: effectiveRules(scenario.sla, {
      produced,
      checks: new Set(scenario.checks.map(({ check }) => check)),
      users: lowestHeldUsers(scenario),
      // The hold has users that the baseline lacked: their difference is no degradation.
      longHold: load.stages.some(({ holdUs }) => holdUs >= LONG_HOLD_US),
      memory: tellsMemory(scenario) && load.stages.some(({ holdUs }) => holdUs >= WARM_HOLD_US),
      baseline: baseline > 0 && !apart,
    }),
    plannedTurns: Math.floor(turns),
    plannedStarts: load.kind === "arrivals" ? Math.floor(startsOf(load)) : undefined,
    plannedSamples: Object.fromEntries(
      Object.entries(expected).map(([metric, count]) => [metric, Math.floor(count)]),
    ),
    steps: groups.flatMap(({ journey }) => stepNames(journey)),
  };
}

/** Whether the target tells how much memory it has. */
function tellsMemory({ target }: Scenario): boolean {
  return target.metrics !== undefined;
}

function holdUs({ stages }: Scenario["load"]): number {
  return stages.reduce((sum, stage) => sum + stage.holdUs, 0);
}

/** The groups with their sizes; without groups all users are one, which has no name. */
function plannedGroups({ journey, groups }: Scenario, users: number) {
  if (!groups) return [{ name: undefined, note: undefined, journey, size: users }];
  const sizes = groupSizes(groups, users);
  return groups.map(({ name, note, journey: own }, at) => ({
    name,
    note,
    journey: own,
    size: sizes[at] ?? 0,
  }));
}

/** What `users.live` may be held to: the smallest number of users that a hold wants; all sessions of an open load. */
function lowestHeldUsers({ load }: Scenario): number {
  if (load.kind === "arrivals") return load.sessions;
  const held = load.stages.filter((stage) => stage.holdUs > 0).map((stage) => stage.users);
  return held.length > 0 ? Math.min(...held) : peakUsers(load);
}

/** One pass of a journey; for an endless loop, one pass of the loop (what stands before it happens once). */
function planOf(journey: readonly StepSpec[]): StepPlan {
  return journey.reduce<StepPlan>((sum, { step, options }) => {
    const plan = stepNamed(step).plan(options, planOf);
    const samples = { ...sum.samples };
    for (const [metric, count] of Object.entries(plan.samples)) {
      const key = metric as keyof typeof samples;
      samples[key] = (samples[key] ?? 0) + (count ?? 0);
    }
    return {
      turns: sum.turns + plan.turns,
      thinkUs: sum.thinkUs + plan.thinkUs,
      samples,
      endless: sum.endless || plan.endless,
    };
  }, NOTHING_PLANNED);
}

function stepNames(journey: readonly StepSpec[]): readonly string[] {
  return journey.flatMap(({ step, options }) => {
    const nested = (options as { readonly steps?: readonly StepSpec[] } | undefined)?.steps;
    return nested ? [step, ...stepNames(nested)] : [step];
  });
}

/** Turns a second while the load is at its highest, by the plan's own estimate of how long one takes. */
export function highestTurnRate({ load }: Pick<Scenario, "load">, plan: RunPlan): number {
  if (load.kind === "arrivals") {
    const highest = Math.max(...load.stages.map(({ rate }) => perSecond(rate)));
    return plan.plannedStarts ? (highest * plan.plannedTurns) / plan.plannedStarts : highest;
  }
  const userUs = load.stages.reduce((sum, { users, holdUs }) => sum + users * holdUs, 0);
  const held = plan.plannedSamples["agent.response"] ?? 0;
  return userUs === 0 ? 0 : (held * plan.users * 1_000_000) / userUs;
}
