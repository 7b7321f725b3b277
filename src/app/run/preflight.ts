// Before anything is started: what a run will do, in a line, and the refusal of what its scenario asks for and cannot have.
import { availableParallelism } from "node:os";
import { WITHIN_TURN } from "../../model/metric.js";
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
import { openStore } from "../../stores/index.js";
import { faultOf } from "../../stores/reader.js";
import { UserError } from "../../support/errors.js";
import { formatCount, formatUs } from "../../support/units.js";
import { capabilitiesOf } from "../offline-protocol.js";

export interface Preflight {
  readonly plan: RunPlan;
  /** Processes on this machine; 0 with a fleet. */
  readonly workers: number;
  /** Local addresses for the workers' sockets, in turn; empty to let the system choose. */
  readonly sources: readonly string[];
  readonly capabilities: Capabilities;
}

/**
 * Throws a `UserError` for anything known to be impossible on this target or machine.
 * @param fleet users run on other machines, whose limits only their workers know
 */
export function preflight(scenario: Scenario, wish: WorkerWish, fleet = false): Preflight {
  const capabilities = capabilitiesOf(scenario);
  const plan = planRun(scenario);
  refuseMissing(scenario, plan, capabilities);
  refuseShortDeadline(scenario, plan);
  refuseTooManyTurns(scenario, plan);
  if (fleet && scenario.model)
    throw new UserError(
      `${scenario.name}: a \`model\` and --fleet do not work together: turns and calls would be timed by different clocks`,
      "run it without --fleet, or without `model`",
    );
  if (fleet && scenario.extensions)
    throw new UserError(
      `${scenario.name}: \`extensions\` and --fleet do not work together: the fleet's machines do not have ${scenario.extensions.map(({ shown }) => shown).join(", ")}`,
      "run it without --fleet, or without the extensions",
    );
  if (fleet) return { plan, workers: 0, sources: [], capabilities };
  const { users, startsPerSecond } = plan;
  const descriptors = descriptorLimit();
  const workers = workerCount(wish, { users, startsPerSecond, cores: availableParallelism(), descriptors });
  refuseTooManyUsers(users, workers, descriptors);
  const { url, proxy, embedded } = scenario.target;
  if (embedded) refuseTooManyForEmbedded(users, descriptors);
  // An embedded backend has no URL yet; it will listen on 127.0.0.1.
  const sources = sourceAddresses({ users, workers, url: embedded ? "http://127.0.0.1" : url, proxy });
  return { plan, workers, sources, capabilities };
}

/** What is about to run. */
export function announcement({ target, load }: Scenario, name: string, plan: RunPlan): string {
  const where = target.embedded ? "the embedded reference backend" : target.url;
  const who =
    plan.plannedStarts === undefined
      ? `${formatCount(plan.users)} users`
      : load.kind === "arrivals" && load.turns
        ? `${formatCount(plan.plannedStarts)} sessions, at most ${formatCount(plan.users)} at once,`
        : `${formatCount(plan.plannedStarts)} starts over ${formatCount(plan.users)} sessions`;
  return `${name}: ${who} on ${where}, about ${formatCount(plan.plannedTurns)} turns in ${formatUs(plan.loadUs)} of load`;
}

/**
 * Rejects with a `UserError` if a store cannot be read at all, for lack of a package or a file. Nothing connects here:
 * a store that is down or refuses its user shows during the run.
 */
export async function refuseMissingClients({ name, target }: Scenario): Promise<void> {
  for (const spec of target.stores?.list ?? []) {
    const reader = await openStore(spec).catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      const hint = "check the files named in its URL";
      throw new UserError(`${name}: stores.${spec.store}: ${faultOf(spec, error).message}`, hint);
    });
    await reader.close();
  }
}

function refuseTooManyTurns({ name, maxTurns }: Scenario, { plannedTurns }: RunPlan): void {
  if (maxTurns === undefined || plannedTurns <= maxTurns * 2) return;
  throw new UserError(
    `${name} plans about ${formatCount(plannedTurns)} turns, but may start only ${formatCount(maxTurns)}`,
    "shorten the hold, use fewer users, or raise --max-turns",
  );
}

/** Throws for all steps that the target's profile does not support, each with what it needs. */
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

/** A turn given up before its limit would wrongly count as a violation. */
function refuseShortDeadline({ name, turn }: Scenario, { rules }: RunPlan): void {
  for (const { metric, limit, text } of rules) {
    if (!WITHIN_TURN.some((one) => one === metric) || turn.timeoutUs > limit) continue;
    throw new UserError(
      `${name}: turn.timeout (${formatUs(turn.timeoutUs)}) must exceed the limit of ${metric} ${text}`,
      `raise turn.timeout, or write a lower limit under sla (or \`${metric}: off\`)`,
    );
  }
}
