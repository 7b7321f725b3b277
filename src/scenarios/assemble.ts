// From a parsed scenario and its target to plain data: required keys, defaults, and rules across both.

import { isServerMetric } from "../model/metric.js";
import { DEFAULT_PRACTICAL_LIMIT, type PracticalLimit } from "../model/report/comparison.js";
import type { SlaRule } from "../model/verdict.js";
import { defined } from "../support/defined.js";
import type { Axes, FaultSurroundings } from "./axes.js";
import type { Fault } from "./parse/explain.js";
import type { Problem } from "./parse/problems.js";
import { type Parsed, problemOf } from "./parse/typed.js";
import { accountFaults, deadlineFaults, journeyFaults, strangeHost, userFaults } from "./rules/crosscheck.js";
import { journeysOf } from "./rules/groups.js";
import { joinFaults, openJourneyFaults, openSlaFaults } from "./rules/open-load.js";
import type { Scenario, Target } from "./scenario.js";
import type { ScenarioData } from "./schema/scenario.js";
import { DEFAULT_TURN } from "./schema/turn.js";

const DEFAULT_SETTLE_US = 5_000_000;

/**
 * Problems that do not need the target: missing keys, the journey's order, deadlines. An orphan may have meant to
 * inherit what it lacks: the fault in its `extends` is reported already.
 */
export function scenarioProblems(
  name: string,
  parsed: Parsed<ScenarioData>,
  axes: Axes,
  orphan: boolean,
): readonly Problem[] {
  const data = parsed.data;
  if (!data) return [];
  const faults: Fault[] = (["load", "journey"] as const)
    .filter((key) => data[key] === undefined && !(key === "journey" && data.groups) && !orphan)
    .map((key) => ({ path: [key], message: "is missing" }));
  faults.push(...journeyFaults(journeysOf(data), axes.steps), ...userFaults(data));
  if (data.load) faults.push(...openJourneyFaults(data.load, data, axes.steps));
  if (data.sla && data.load) faults.push(...openSlaFaults(data.load, data.sla));
  if (data.sla) faults.push(...deadlineFaults(data.sla, (data.turn ?? DEFAULT_TURN).timeoutUs));
  if (data.faults && data.load) faults.push(...axes.faults.timelineProblems(data.faults, data.load));
  return faults.map((fault) => problemOf(`scenarios.${name}`, parsed.tree, fault));
}

/** Problems between a scenario and its target. */
export function pairProblems(
  name: string,
  parsed: Parsed<ScenarioData>,
  target: Target,
  faultAxes: Axes["faults"],
  allowed: FaultSurroundings["allowed"],
): readonly Problem[] {
  const { load, faults: broken = [], via } = parsed.data ?? {};
  const faults = [
    ...(load ? [...accountFaults(load, target.accounts), ...joinFaults(load, target.connect)] : []),
    ...serverFaults(parsed.data?.sla?.rules ?? [], target),
    ...faultAxes.targetProblems(broken, { target, via, allowed }),
  ];
  const host = strangeHost(target);
  const problems = faults.map((fault) => problemOf(`scenarios.${name}`, parsed.tree, fault));
  if (host === undefined) return problems;
  const message = `${host} is not this machine, and the file does not name it`;
  const hint = `if you may load it: --allow-host ${host}`;
  return [...problems, { place: { flag: "--target" }, message, hint }];
}

/** Rules on server metrics that are not read from the target. */
function serverFaults(rules: readonly SlaRule[], { name, metrics = [] }: Target): readonly Fault[] {
  const readable = metrics.flatMap((source) => source.named.map((one) => `server.${one.name}`));
  return rules.flatMap(({ metric }) => {
    if (!isServerMetric(metric) || readable.includes(metric)) return [];
    const there = readable.length > 0 ? `it has ${readable.join(", ")}` : "it names none under `metrics`";
    return [
      { path: ["sla", metric], message: `the target ${name} tells no ${metric}: ${there}`, atKey: true },
    ];
  });
}

/** `undefined` if a required key is missing, which `scenarioProblems` reports. */
export function assembled(name: string, parsed: Parsed<ScenarioData>, target: Target): Scenario | undefined {
  const { data } = parsed;
  if (!data?.load || !(data.journey ?? data.groups)) return undefined;
  return {
    name,
    description: data.description ?? "",
    tags: data.tags ?? [],
    seed: data.seed ?? 1,
    target: dealtOut(target, data.organisations),
    load: data.load,
    journey: data.journey ?? [],
    ...(data.groups ? { groups: data.groups } : {}),
    checks: data.checks ?? [],
    faults: data.faults ?? [],
    via: data.via,
    sla: data.sla ?? { rules: [], off: [] },
    ...(data.goodput ? { goodput: defined(data.goodput) } : {}),
    ...defined({ prices: data.prices }),
    turn: data.turn ?? DEFAULT_TURN,
    settleUs: data.settle ?? DEFAULT_SETTLE_US,
    maxTurns: data["max-turns"],
    cleanup: data.cleanup ?? false,
    ...(data.baseline ? { baseline: practicalLimit(data.baseline) } : {}),
    ...defined({ stored: data.stored, organisations: data.organisations, reporters: data.reporters }),
    secrets: parsed.secrets,
  };
}

function practicalLimit({ worse, "at-least": us }: NonNullable<ScenarioData["baseline"]>): PracticalLimit {
  return { ratio: worse ?? DEFAULT_PRACTICAL_LIMIT.ratio, us: us ?? DEFAULT_PRACTICAL_LIMIT.us };
}

function dealtOut(target: Target, organisations: number | undefined): Target {
  const { accounts } = target;
  if (organisations === undefined || accounts.kind !== "pattern") return target;
  return { ...target, accounts: { ...accounts, organisations } };
}
