// `gp-load validate`: is the file valid, and what would each scenario do?

import { listOption } from "../app/context.js";
import { perSecond } from "../load/arrivals.js";
import type { PhaseSpan } from "../model/log/phase.js";
import type { SlaRule } from "../model/verdict.js";
import type { RunPlan } from "../run/plan/plan.js";
import { problemText } from "../scenarios/parse/problems.js";
import type { Scenario } from "../scenarios/scenario.js";
import { EXIT } from "../support/errors.js";
import { alignedTable } from "../support/terminal-text.js";
import { formatCount, formatUs, plainDuration } from "../support/units.js";
import { type CommandModule, repeatable, SOURCE_OPTIONS } from "./command.js";

export const validateCommand: CommandModule = {
  name: "validate",
  summary: "check a scenario file and show what its scenarios would do",
  argument: { name: "[scenario...]", description: "only these scenarios (default: all)" },
  options: {
    ...SOURCE_OPTIONS,
    "-t, --tag <tag>": repeatable("only scenarios with this tag"),
  },
  examples: ["gp-load validate", "gp-load validate enterprise-100", "gp-load validate -f load/staging.yaml"],
  async run(input, context) {
    const { loadScenarios } = await import("../scenarios/load-file.js");
    const { tell } = await import("../app/stdout.js");
    const { openOwnFile } = await import("../app/chosen-file.js");
    const { planRun, ASSUMED_TURN_US } = await import("../run/plan/plan.js");
    const { minimumSamples } = await import("../sla/samples.js");
    const source = await openOwnFile(input, context);
    const selection = { names: input.args, tags: listOption(input, "tag") };
    const { scenarios, warnings } = loadScenarios(source, selection);
    for (const warning of warnings) context.stderr(`warning: ${problemText(warning)}\n`);
    for (const scenario of scenarios) {
      const samplesAt = (turnUs: number, metric: string): number =>
        planRun(scenario, turnUs).plannedSamples[metric] ?? 0;
      const known = { assumedTurnUs: ASSUMED_TURN_US, minimumSamples, samplesAt };
      tell(`${described(scenario, planRun(scenario), known)}\n`, context);
    }
    const count = scenarios.length === 1 ? "1 scenario is" : `${scenarios.length} scenarios are`;
    context.stdout(`${source.path}: ${count} valid\n`);
    return EXIT.pass;
  },
};

const FASTEST_TURN_US = 1_000;

interface Arithmetic {
  readonly assumedTurnUs: number;
  /** Of a percentile. */
  readonly minimumSamples: (perHundredThousand: number) => number;
  /** Expected samples of a metric if turns take this long. */
  readonly samplesAt: (turnUs: number, metric: string) => number;
}

function described(scenario: Scenario, plan: RunPlan, arithmetic: Arithmetic): string {
  const { name, target, maxTurns } = scenario;
  const where = target.embedded ? "embedded" : target.url;
  const turns =
    plan.plannedStarts === undefined || comes(scenario)
      ? `about ${formatCount(plan.plannedTurns)} turns, if one takes ${plainDuration(arithmetic.assumedTurnUs)}`
      : `${formatCount(plan.plannedTurns)} turns of ${formatCount(plan.plannedStarts)} starts, ${roomText(scenario, plan)}`;
  const room = comes(scenario)
    ? `; ${formatCount(plan.plannedStarts ?? 0)} sessions begin, ${roomText(scenario, plan)}`
    : "";
  const bound = maxTurns === undefined ? "" : `; at most ${formatCount(maxTurns)}`;
  const rows = plan.rules.map((rule) => [
    `    ${rule.metric}`,
    rule.text,
    expectation(rule, plan, arithmetic),
  ]);
  return [
    `${name}: ${formatCount(plan.users)} ${plan.plannedStarts === undefined ? "users" : comes(scenario) ? "sessions at most" : "sessions"} on ${target.name} (${target.profile}, ${where})\n`,
    ...(plan.groups.length > 0 ? [`  groups: ${groupsText(plan)}\n`] : []),
    `  phases: ${phasesText(plan)}\n`,
    `  turns: ${turns}${room}${bound}\n`,
    `  thresholds:\n${alignedTable(rows)}`,
  ].join("");
}

function groupsText({ groups }: RunPlan): string {
  return groups
    .map(({ name, users, note }) => `${formatCount(users)} ${name}${note === undefined ? "" : ` (${note})`}`)
    .join(", ");
}

/** Sessions come and go. */
function comes({ load }: Scenario): boolean {
  return load.kind === "arrivals" && load.turns !== undefined;
}

/** How long a pass or a session may take at the highest rate before all sessions are busy (Little's law). */
function roomText({ load }: Scenario, plan: RunPlan): string {
  if (load.kind !== "arrivals") return "";
  const highest = Math.max(...load.stages.map(({ rate }) => perSecond(rate)));
  const roomUs = Math.floor((plan.users / highest) * 1000) * 1000;
  return `none dropped while a ${load.turns ? "session" : "pass"} takes less than ${formatUs(roomUs)} on average`;
}

function phasesText(plan: RunPlan): string {
  const baseline =
    plan.baselineUsers > 0
      ? [`baseline of ${formatCount(plan.baselineUsers)} users up to ${plainDuration(plan.baselineCapUs)}`]
      : [];
  const timed = plan.phases.filter((phase) => Number.isFinite(phase.endUs)).map(phaseText);
  return [...baseline, ...timed, "drain", "settle"].join(" → ");
}

function phaseText({ phase, label, startUs, endUs }: PhaseSpan): string {
  const name = label === undefined ? phase : `${phase} ${label}`;
  return `${name} ${plainDuration(endUs - startUs)}`;
}

/** How many samples the rule can expect, and what happens if there are too few. */
function expectation(rule: SlaRule, plan: RunPlan, arithmetic: Arithmetic): string {
  const planned = plan.plannedSamples[rule.metric];
  if (rule.unit !== "us" || planned === undefined) return "";
  const n = `n ≈ ${formatCount(planned)}`;
  if (rule.statistic.kind !== "percentile") return n;
  const needed = arithmetic.minimumSamples(rule.statistic.perHundredThousand);
  if (planned >= needed) return n;
  const fate =
    rule.origin === "default" ? "judged as max" : strictFate(rule.metric, needed, arithmetic.samplesAt);
  return `${n}, needs ${formatCount(needed)}: ${fate}`;
}

/** The duration of turns and their overlap are not known yet: only a shortage that no speed could fix is certain. */
function strictFate(metric: string, needed: number, samplesAt: Arithmetic["samplesAt"]): string {
  return samplesAt(FASTEST_TURN_US, metric) < needed
    ? "no-data, so the run is INVALID"
    : "no-data unless turns are faster than that, or overlap";
}
