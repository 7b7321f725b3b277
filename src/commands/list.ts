// `gp-load list`: which scenarios there are.

import { flagOption, listOption } from "../app/context.js";
import { perSecond, rateText } from "../load/arrivals.js";
import { peakUsers } from "../load/load.js";
import type { ScenarioSummary } from "../scenarios/load-file.js";
import type { LoadSpec } from "../scenarios/scenario.js";
import { EXIT } from "../support/errors.js";
import { alignedTable } from "../support/terminal-text.js";
import { formatCount } from "../support/units.js";
import { visibleJson } from "../support/visible-json.js";
import { type CommandModule, SOURCE_OPTIONS } from "./command.js";

export const listCommand: CommandModule = {
  name: "list",
  summary: "list the scenarios of a file",
  options: [
    ...SOURCE_OPTIONS,
    { flags: "-t, --tag <tag>", description: "only scenarios with this tag (repeatable)", repeatable: true },
    { flags: "--json", description: "print one JSON array and nothing else" },
  ],
  examples: ["gp-load list", "gp-load list --tag smoke", "gp-load list --json"],
  async run(input, context) {
    const { surveyScenarios } = await import("../scenarios/load-file.js");
    const { openChosenFile } = await import("../app/chosen-file.js");
    const source = await openChosenFile(input, context);
    const scenarios = surveyScenarios(source, { tags: listOption(input, "tag") });
    context.stdout(
      flagOption(input, "json") ? `${visibleJson(scenarios.map(asData), 2)}\n` : table(scenarios),
    );
    return EXIT.pass;
  },
};

function table(scenarios: readonly ScenarioSummary[]): string {
  const rows = scenarios.map(({ name, tags, load, description }) => [
    name,
    tags.join(", "),
    load ? loadText(load) : "–",
    description,
  ]);
  return alignedTable([["NAME", "TAGS", "LOAD", "DESCRIPTION"], ...rows]);
}

/** `100 users × 30s`, or `20/s × 30s`; several stages as `25 → 100 users × 2m`. */
function loadText(load: LoadSpec): string {
  const open = load.kind === "arrivals";
  const each = open
    ? load.stages.map(({ rate }) => rateText(rate))
    : load.stages.map(({ users }) => formatCount(users));
  const different = [...new Set(each)];
  const shown = different.length > 2 ? [different[0], different.at(-1)] : different;
  return `${shown.join(" → ")}${open ? "" : " users"} × ${plainDuration(holdOf(load))}`;
}

function holdOf(load: LoadSpec): number {
  return load.stages.reduce((sum, stage) => sum + stage.holdUs, 0);
}

/** As people write it in the file: `30s`, `1m30s`, `250ms`. */
export function plainDuration(us: number): string {
  if (us % 1_000_000 !== 0) return us % 1000 === 0 ? `${us / 1000}ms` : `${us}us`;
  const seconds = us / 1_000_000;
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join("") || "0s";
}

function asData({ name, description, tags, target, load }: ScenarioSummary): Record<string, unknown> {
  const shape = load ? { users: peakUsers(load), ...startsOf(load), holdMs: holdOf(load) / 1000 } : {};
  return { name, description, tags, target: target ?? null, ...shape };
}

/** The highest rate of an open load. */
function startsOf(load: LoadSpec): { readonly startsPerSecond?: number } {
  if (load.kind !== "arrivals") return {};
  return { startsPerSecond: perSecond(Math.max(...load.stages.map(({ rate }) => rate))) };
}
