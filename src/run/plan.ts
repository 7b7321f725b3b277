// The plan of a run before it starts: phases, rules, and how many turns and samples are to be expected.
import { baselineUsers, loadDurationUs, peakUsers, phaseSpans } from "../load/users.js";
import type { PhaseSpan } from "../model/phase.js";
import type { SlaRule } from "../model/verdict.js";
import type { Scenario, StepSpec } from "../scenarios/scenario.js";
import { stepNamed } from "../session/steps/index.js";
import { NOTHING_PLANNED, type StepPlan } from "../session/steps/step.js";
import { effectiveRules } from "../sla/defaults.js";
import { minimumSamples } from "../sla/samples.js";

/** Metrics that every run produces whatever its journey does. */
const ALWAYS = ["login"] as const;

/** Shares of the answers; a default applies to them only where the check `quality` is on. */
const QUALITY_METRICS = ["quality.substantive", "quality.relevant", "quality.complete"] as const;

/** What a turn is taken to last where nobody knows yet; the plan is an estimate and says so. */
export const ASSUMED_TURN_US = 1_000_000;

/** Samples of the baseline step that its p95 needs. */
export const BASELINE_SAMPLES = minimumSamples(95_000);

export interface RunPlan {
  readonly users: number;
  readonly baselineUsers: number;
  /** Longest that the baseline step may take to gather its samples; 0 without one. */
  readonly baselineCapUs: number;
  /** Ramp and hold; the baseline before them lasts as long as it must. */
  readonly loadUs: number;
  /** As if the ramp began at 0; the baseline is not among them. */
  readonly phases: readonly PhaseSpan[];
  readonly rules: readonly SlaRule[];
  /** Turns of ramp and hold together, estimated with turns of {@link ASSUMED_TURN_US}. */
  readonly plannedTurns: number;
  /** Samples of each metric in the hold, estimated. */
  readonly plannedSamples: Readonly<Record<string, number>>;
  /** Capabilities that the journey asks for: step → what it needs, checked against the profile before the start. */
  readonly steps: readonly string[];
}

export function planRun(scenario: Scenario): RunPlan {
  const { load } = scenario;
  const users = peakUsers(load);
  const pass = planOf(scenario.journey);
  const phases = phaseSpans(load, 0, 0);
  const holdUserUs = load.stages.reduce((sum, stage) => sum + stage.users * stage.holdUs, 0);
  const rampUserUs = load.stages.reduce((sum, stage, index) => {
    const before = load.stages[index - 1]?.users ?? 0;
    return sum + ((before + stage.users) / 2) * stage.rampUs;
  }, 0);
  const perPassUs = pass.thinkUs + pass.turns * ASSUMED_TURN_US;
  const passes = (userUs: number): number =>
    pass.endless && perPassUs > 0 ? userUs / perPassUs : userUs > 0 ? users : 0;
  const holdPasses = passes(holdUserUs);
  const plannedSamples = Object.fromEntries(
    Object.entries(pass.samples).map(([metric, count]) => [metric, Math.floor((count ?? 0) * holdPasses)]),
  );
  const produced = new Set<string>([...ALWAYS, ...Object.keys(pass.samples)]);
  if (scenario.target.accounts.kind === "tokens") produced.delete("login");
  if (pass.turns > 0) for (const metric of QUALITY_METRICS) produced.add(metric);
  const baseline = baselineUsers(load);
  return {
    users,
    baselineUsers: baseline,
    baselineCapUs: baseline > 0 ? Math.max(60_000_000, load.stages.at(-1)?.holdUs ?? 0) : 0,
    loadUs: loadDurationUs(load),
    phases,
    rules: effectiveRules(scenario.sla, {
      produced,
      checks: new Set(scenario.checks.map(({ check }) => check)),
      users: lowestHeldUsers(scenario),
      baseline: baseline > 0,
    }),
    plannedTurns: Math.floor(pass.turns * (pass.endless ? holdPasses + passes(rampUserUs) : users)),
    plannedSamples,
    steps: stepNames(scenario.journey),
  };
}

/** What `users.live` may be held to: the smallest number of users that a hold wants. */
function lowestHeldUsers({ load }: Scenario): number {
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
