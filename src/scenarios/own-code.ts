// What a scenario uses of the modules under `extensions`, and the secrets that they need.

import type { Environment } from "./parse/environment.js";
import type { Place, Problem } from "./parse/problems.js";
import { allSteps } from "./rules/nested.js";
import type { OwnModule, Scenario } from "./scenario.js";

export interface OwnDefinition {
  /** `owner/name`. */
  readonly name: string;
  readonly kind: string;
  /** Absolute path of its module. */
  readonly path: string;
  /** The same as written in the scenario file. */
  readonly shown: string;
  /** Of the module in the scenario file. */
  readonly place: Place;
  /** Environment variables that it needs. */
  readonly secrets: readonly string[];
}

/** The modules that the scenario's workers load, with the variables that their definitions in use need. */
export function ownModules(
  scenario: Scenario,
  definitions: readonly OwnDefinition[],
  env: Environment,
): { readonly modules: readonly OwnModule[]; readonly problems: readonly Problem[] } {
  const used = namesIn(scenario);
  const modules = new Map<string, { shown: string; names: string[]; secrets: Record<string, string> }>();
  const problems: Problem[] = [];
  for (const { name, kind, path, shown, place, secrets } of definitions) {
    if (!used.has(name)) continue;
    const module = modules.get(path) ?? { shown, names: [], secrets: {} };
    modules.set(path, module);
    module.names.push(name);
    for (const variable of secrets) {
      const value = env[variable];
      if (value) module.secrets[variable] = value;
      else {
        const message = `the ${kind} ${name} needs the environment variable ${variable}, which is not set or empty`;
        problems.push({ place, message, hint: "set it, or put it into a file for --env-file" });
      }
    }
  }
  return { modules: [...modules].map(([path, module]) => ({ path, ...module })), problems };
}

function namesIn({ journey, groups = [], checks, target, reporters = [] }: Scenario): ReadonlySet<string> {
  const steps = [journey, ...groups.map((group) => group.journey)].flatMap(allSteps);
  return new Set([
    ...steps.map(({ step }) => step),
    ...checks.map(({ check }) => check),
    ...reporters.map(({ name }) => name),
    ...[target.login, target.codec].flatMap((one) => one?.name ?? []),
  ]);
}
