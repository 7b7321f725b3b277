// The first line of a run's log: who ran what, on which machine, and what cannot be checked there.
import { unreadable } from "../../checks/check.js";
import { checkNamed } from "../../checks/index.js";
import { loadText } from "../../load/words.js";
import type { Invocation, NotChecked, RunHeader, ToldMetrics } from "../../model/log/run-log.js";
import { RUN_LOG_VERSION } from "../../model/log/run-log.js";
import { METRIC_NAMES, type ServerUnit } from "../../model/metric.js";
import type { Capabilities } from "../../profiles/profile.js";
import { missingOrganisations } from "../../scenarios/accounts/organisations.js";
import { redactedScenario, secretsOf } from "../../scenarios/redacted.js";
import type { CheckSpec, Scenario } from "../../scenarios/scenario.js";
import { createRedactor, redactData, redactUrl } from "../../support/redaction.js";
import { formatUs } from "../../support/units.js";
import type { RunPlan } from "./plan.js";
import { thisMachine } from "./this-machine.js";

export interface HeaderOptions {
  readonly scenario: Scenario;
  readonly plan: RunPlan;
  readonly capabilities: Capabilities;
  readonly runId: string;
  readonly version: string;
  readonly workers: number;
  /** Fleet worker that runs each worker, by number. */
  readonly servedBy?: readonly string[] | undefined;
  readonly strict: boolean;
  readonly startedAt: Date;
  readonly invocation?: Invocation | undefined;
}

export function runHeader(options: HeaderOptions): RunHeader {
  const { scenario, plan, capabilities } = options;
  const { target } = scenario;
  return {
    type: "header",
    version: RUN_LOG_VERSION,
    runId: options.runId,
    tool: { name: "gp-load", version: options.version },
    startedAt: options.startedAt.toISOString(),
    scenario: { name: scenario.name, description: scenario.description, tags: scenario.tags },
    target: {
      name: target.name,
      profile: target.profile,
      url: redactUrl(target.url),
      embedded: target.embedded,
      clock: target.clock,
    },
    seed: scenario.seed,
    ...(options.invocation ? { invocation: withoutSecrets(options.invocation, scenario) } : {}),
    workers: options.workers,
    ...(options.servedBy ? { servedBy: options.servedBy } : {}),
    plannedUsers: plan.users,
    load: loadText(scenario.load),
    ...(plan.groups.length > 0 ? { groups: plan.groups } : {}),
    plannedTurns: plan.plannedTurns,
    plannedSamples: plan.plannedSamples,
    rules: plan.rules,
    checks: scenario.checks.map(({ check }) => check),
    notChecked: [
      ...unavailableChecks(scenario, capabilities),
      ...unknownOrganisations(scenario),
      ...weakEnds(capabilities),
    ],
    tells: toldMetrics(capabilities),
    ...serverPart(target),
    turnTimeoutUs: scenario.turn.timeoutUs,
    connectUs: connectUs(scenario, plan.users),
    strict: options.strict,
    machine: thisMachine(),
    scenarioData: redactedScenario(scenario),
  };
}

function serverPart({ metrics = [] }: Scenario["target"]): Pick<RunHeader, "server"> {
  const named = metrics.flatMap((source) => source.named);
  if (named.length === 0) return {};
  return {
    server: Object.fromEntries(
      named.map(({ name, kind, series }) => [name, unitOfSeries(series.name, kind)]),
    ),
  };
}

/** By the suffix that Prometheus recommends; a growing count of seconds is a share of one core, or of time. */
function unitOfSeries(name: string, kind: "gauge" | "counter"): ServerUnit {
  const base = name.replace(/_total$/, "");
  if (base.endsWith("_bytes")) return "bytes";
  return base.endsWith("_seconds") && kind === "gauge" ? "seconds" : "number";
}

/** A secret from the file may also be in a command line, if a shell expanded it there. */
function withoutSecrets(invocation: Invocation, scenario: Scenario): Invocation {
  return redactData(invocation, createRedactor(secretsOf(scenario)).redact);
}

/** How long connects may continue after the ramp: each has its own timeout, and a rate limit holds them back. */
function connectUs({ target, load }: Scenario, users: number): number {
  const { timeoutUs, ratePerSecond } = target.connect;
  if (ratePerSecond === undefined) return timeoutUs;
  const rampUs = load.stages.reduce((sum, stage) => sum + stage.rampUs, 0);
  return timeoutUs + Math.max(0, Math.ceil((users * 1_000_000) / ratePerSecond) - rampUs);
}

/** Shares of answers exist only if the profile knows their text. */
function toldMetrics(capabilities: Capabilities): ToldMetrics {
  const { untold = {}, expects } = capabilities;
  const unread = unreadable(capabilities);
  const quality = METRIC_NAMES.filter((metric) => metric.startsWith("quality."));
  return {
    never: unread ? { ...untold, ...Object.fromEntries(quality.map((metric) => [metric, unread])) } : untold,
    always: expects.includes("agent_started") ? ["message.processing"] : [],
  };
}

/** An end that is only inferred from silence is named, so that nobody mistakes it for an explicit one. */
function weakEnds({ quietEndUs }: Capabilities): readonly NotChecked[] {
  if (quietEndUs === undefined) return [];
  const why = `a turn ends by ${formatUs(quietEndUs)} of silence (weak): one that stalls after its first text looks complete`;
  return [{ name: "end of turn", why }];
}

/** The checks that this target's profile supports: the others are listed as not checked, and not judged. */
export function availableChecks(
  checks: readonly CheckSpec[],
  { notChecked }: Pick<RunHeader, "notChecked">,
): readonly CheckSpec[] {
  const named = new Set(notChecked.map(({ name }) => name));
  return checks.filter(({ check }) => !named.has(`check ${check}`));
}

/** Checks that this target's profile does not support. */
function unavailableChecks(scenario: Scenario, capabilities: Capabilities): readonly NotChecked[] {
  return scenario.checks.flatMap(({ check }) => {
    const { unavailable, needsModel } = checkNamed(check);
    const why = needsModel && !scenario.model ? "the scenario has no `model`" : unavailable?.(capabilities);
    return why === undefined ? [] : [{ name: `check ${check}`, why }];
  });
}

function unknownOrganisations(scenario: Scenario): readonly NotChecked[] {
  const why = missingOrganisations(scenario);
  return why === undefined ? [] : [{ name: "isolation of organisations", why }];
}
