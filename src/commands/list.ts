// `gp-load list`: the scenarios of a file.

import { flagOption, listOption } from "../app/context.js";
import { perSecond } from "../load/arrivals.js";
import { heldUs, peakUsers } from "../load/load.js";
import { loadText } from "../load/words.js";
import type { ScenarioSummary } from "../scenarios/load-file.js";
import type { LoadSpec } from "../scenarios/scenario.js";
import { EXIT } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { alignedTable } from "../support/terminal-text.js";
import { type CommandModule, repeatable, SOURCE_OPTIONS } from "./command.js";

export const listCommand: CommandModule = {
  name: "list",
  summary: "list the scenarios of a file",
  options: {
    ...SOURCE_OPTIONS,
    "-t, --tag <tag>": repeatable("only scenarios with this tag"),
    "--json": "print one JSON array and nothing else",
  },
  examples: ["gp-load list", "gp-load list --tag smoke", "gp-load list --json"],
  async run(input, context) {
    const { surveyScenarios } = await import("../scenarios/load-file.js");
    const { tell } = await import("../app/stdout.js");
    const { openChosenFile } = await import("../app/chosen-file.js");
    const source = await openChosenFile(input, context);
    const scenarios = surveyScenarios(source, { tags: listOption(input, "tag") });
    if (flagOption(input, "json")) context.stdout(`${visibleJson(scenarios.map(asData), 2)}\n`);
    else tell(table(scenarios), context);
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

function asData({ name, description, tags, target, load }: ScenarioSummary): Record<string, unknown> {
  const shape = load ? { users: peakUsers(load), ...startsOf(load), holdMs: heldUs(load) / 1000 } : {};
  return { name, description, tags, target: target ?? null, ...shape };
}

/** The highest rate of an open load. */
function startsOf(load: LoadSpec): { readonly startsPerSecond?: number } {
  if (load.kind !== "arrivals") return {};
  return { startsPerSecond: perSecond(Math.max(...load.stages.map(({ rate }) => rate))) };
}
