// What a scenario asks for and cannot be had, refused before anything is started.
import { availableParallelism } from "node:os";
import { perSecond } from "../../load/arrivals.js";
import type { Capabilities } from "../../profiles/profile.js";
import {
  descriptorLimit,
  refuseTooManyForEmbedded,
  refuseTooManyUsers,
} from "../../run/plan/machine-limits.js";
import { sourceAddresses } from "../../run/plan/machine-ports.js";
import { planRun, type RunPlan } from "../../run/plan/plan.js";
import { type WorkerWish, workerCount } from "../../run/plan/worker-count.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { stepNamed } from "../../session/steps/index.js";
import { UserError } from "../../support/errors.js";
import { formatCount, formatUs } from "../../support/units.js";
import { offlineProtocol } from "../offline-protocol.js";

export interface Preflight {
  readonly plan: RunPlan;
  readonly workers: number;
  /** Of the profile with this target's options. */
  readonly capabilities: Capabilities;
}

/**
 * Throws a `UserError` for what can be known to be impossible on this target or this machine.
 * @param fleet the users are on other machines, whose workers know what they hold
 */
export function preflight(scenario: Scenario, wish: WorkerWish, fleet = false): Preflight {
  const plan = planRun(scenario);
  const capabilities = capabilitiesOf(scenario);
  refuseImpossible(scenario, plan, capabilities);
  const { users } = plan;
  const descriptors = descriptorLimit();
  if (fleet) return { plan, workers: 0, capabilities };
  const startsPerSecond = highestRate(scenario);
  const workers = workerCount(wish, { users, startsPerSecond, cores: availableParallelism(), descriptors });
  refuseTooManyUsers(users, workers, descriptors);
  if (scenario.target.embedded) refuseTooManyForEmbedded(users, descriptors);
  const { url, proxy } = scenario.target;
  // An embedded backend gets its URL when it runs; it listens on 127.0.0.1.
  sourceAddresses({ users, workers, url: scenario.target.embedded ? "http://127.0.0.1" : url, proxy });
  return { plan, workers, capabilities };
}

function highestRate({ load }: Scenario): number {
  return load.kind === "arrivals" ? perSecond(Math.max(...load.stages.map(({ rate }) => rate))) : 0;
}

/** Of the profile with this target's options; asks nobody. */
export function capabilitiesOf(scenario: Scenario): Capabilities {
  const protocol = offlineProtocol(scenario);
  protocol.preflight?.();
  return protocol.capabilities;
}

function refuseImpossible(scenario: Scenario, plan: RunPlan, capabilities: Capabilities): void {
  refuseMissing(scenario, plan, capabilities);
  refuseShortDeadline(scenario, plan);
  if (scenario.maxTurns !== undefined && plan.plannedTurns > scenario.maxTurns * 2) {
    const hint = "shorten the hold, use fewer users, or raise --max-turns";
    throw new UserError(
      `${scenario.name} plans about ${formatCount(plan.plannedTurns)} turns, and may start ${formatCount(scenario.maxTurns)}`,
      hint,
    );
  }
}

/** All steps that the target's profile has nothing for, each with what it needs. */
function refuseMissing({ name, target }: Scenario, plan: RunPlan, capabilities: Capabilities): void {
  const lacking = [...new Set(plan.steps)].flatMap((step) => {
    const missing = stepNamed(step).needs?.(capabilities);
    return missing === undefined ? [] : [`the step \`${step}\` needs ${missing}`];
  });
  if (lacking.length === 0) return;
  throw new UserError(
    `${name}: ${lacking.join(", ")}, which the profile ${target.profile} lacks here`,
    lacking.length === 1
      ? "leave the step out, or run against a target that has it"
      : "leave these steps out, or run against a target that has them",
  );
}

/** A turn given up before its limit would count as a violation that it was not. */
function refuseShortDeadline({ name, turn }: Scenario, { rules }: RunPlan): void {
  for (const { metric, limit, unit, text } of rules) {
    const ofTurn =
      metric === "agent.response" || metric === "message.processing" || metric === "answer.first";
    if (unit !== "us" || !ofTurn || turn.timeoutUs > limit) continue;
    throw new UserError(
      `${name}: turn.timeout (${formatUs(turn.timeoutUs)}) must exceed the limit of ${metric} ${text}`,
      `raise turn.timeout, or write a lower limit under sla (or \`${metric}: off\`)`,
    );
  }
}
