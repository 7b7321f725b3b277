// All scenarios and targets of a file parsed by their schemas, each with its own problems.
import type { Axes } from "./axes.js";
import type { Environment } from "./parse/environment.js";
import type { Fault } from "./parse/explain.js";
import { type Located, locate, nodeAt, plain, withValue } from "./parse/located.js";
import type { Outline } from "./parse/outline.js";
import { type Overrides, withOverrides } from "./parse/overrides.js";
import type { Problem } from "./parse/problems.js";
import { type Parsed, parseTree } from "./parse/typed.js";
import { type ScenarioData, scenarioSchema } from "./schema/scenario.js";
import { DEFAULT_PROFILE, type TargetData, targetSchema } from "./schema/target.js";

export interface ParsedFile {
  readonly scenarios: ReadonlyMap<string, Parsed<ScenarioData>>;
  /** By name; a target that `--target <url>` made has its URL as its name. */
  readonly targets: ReadonlyMap<string, Parsed<TargetData>>;
  /** The name of the one target that `--target <url>` made. */
  readonly adHoc: string | undefined;
  /** Of the overrides themselves. */
  readonly problems: readonly Problem[];
}

/** Parses everything; overrides change only the scenarios in `chosen`, and their targets. */
export function parsedFile(
  outline: Outline,
  axes: Axes,
  env: Environment,
  chosen: readonly string[],
  overrides: Overrides,
): ParsedFile {
  const problems: Problem[] = [];
  const schema = scenarioSchema(axes);
  const scenarios = new Map<string, Parsed<ScenarioData>>();
  for (const [name, tree] of outline.scenarios) {
    const changed = chosen.includes(name) ? withOverrides(tree, overrides) : { tree, problems: [] };
    problems.push(...changed.problems);
    const parsed = parseTree(`scenarios.${name}`, changed.tree, schema, env, (fault) =>
      metricKey(fault, axes),
    );
    scenarios.set(name, parsed);
  }
  const adHoc = overrides.target?.includes("://") ? overrides.target : undefined;
  const trees = new Map([...outline.targets].map(([name, entry]) => [name, entry.value] as const));
  if (adHoc !== undefined) trees.set(adHoc, locate({ url: adHoc }, { flag: "--target" }));
  const loaded = new Set(chosen.map((name) => overrides.target ?? targetName(scenarios.get(name))));
  const targets = new Map<string, Parsed<TargetData>>();
  for (const [name, tree] of trees) {
    const profile = loaded.has(name) ? overrides.profile : undefined;
    const label = name === adHoc ? "target" : `targets.${name}`;
    targets.set(name, parsedTarget(label, withProfile(tree, profile), axes, env));
  }
  return { scenarios, targets, adHoc, problems };
}

/** The target that a scenario names, also where the scenario has other problems. */
export function targetName(scenario: Parsed<ScenarioData> | undefined): string | undefined {
  const node = nodeAt(scenario?.tree, ["target"]);
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

function parsedTarget(label: string, tree: Located, axes: Axes, env: Environment): Parsed<TargetData> {
  const node = nodeAt(tree, ["profile"]);
  const profile = node ? String(plain(node)) : DEFAULT_PROFILE;
  return parseTree(label, tree, targetSchema(axes, profile), env);
}

function withProfile(tree: Located, profile: string | undefined): Located {
  return profile === undefined ? tree : withValue(tree, ["profile"], locate(profile, { flag: "--profile" }));
}

/** A name that is no metric is a wrong key, whatever stands behind it. */
function metricKey(fault: Fault, axes: Axes): Fault {
  const [first, metric] = fault.path;
  const strange = first === "sla" && typeof metric === "string" && !axes.metricNames.includes(metric);
  return strange ? { ...fault, path: ["sla", metric], atKey: true } : fault;
}
