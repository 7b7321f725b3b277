// Parses all scenarios and targets of a file by their schemas, each with its own problems.
import { hostOf } from "./accounts/hosts.js";
import { adHocName, adHocTarget } from "./ad-hoc-target.js";
import type { Axes } from "./axes.js";
import type { Environment } from "./parse/environment.js";
import type { Fault } from "./parse/explain.js";
import { type Located, locate, nodeAt, plain, withValue } from "./parse/located.js";
import type { Outline } from "./parse/outline.js";
import { type Overrides, withOverrides } from "./parse/overrides.js";
import type { Problem } from "./parse/problems.js";
import { type Parsed, parseTree } from "./parse/typed.js";
import { MODEL_PLACE } from "./schema/model.js";
import { type ScenarioData, scenarioSchema } from "./schema/scenario.js";
import { DEFAULT_PROFILE, type TargetData, targetSchema } from "./schema/target.js";

export interface ParsedFile {
  readonly scenarios: ReadonlyMap<string, Parsed<ScenarioData>>;
  /** By name; those of `--target <url>` have their own names. */
  readonly targets: ReadonlyMap<string, Parsed<TargetData>>;
  /** The URL of `--target <url>`. */
  readonly adHoc: string | undefined;
  /** Name of a scenario's target, even if the scenario has problems. */
  readonly targetOf: (scenario: string) => string | undefined;
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
    const own = ownEnvironment(changed.tree, env);
    const adjust = (fault: Fault): Fault => metricKey(fault, axes);
    scenarios.set(name, parseTree(`scenarios.${name}`, changed.tree, schema, own, adjust));
  }
  const adHoc = overrides.target?.includes("://") ? overrides.target : undefined;
  const trees = new Map([...outline.targets].map(([name, entry]) => [name, entry.value] as const));
  const targetOf = (scenario: string): string | undefined => {
    const own = targetName(scenarios.get(scenario));
    return adHoc === undefined ? (overrides.target ?? own) : adHocName(own);
  };
  const loaded = new Set(chosen.map(targetOf));
  const targets = new Map<string, Parsed<TargetData>>();
  for (const [name, tree] of trees) {
    const profile = loaded.has(name) ? overrides.profile : undefined;
    targets.set(name, parsedTarget(`targets.${name}`, withProfile(tree, profile), axes, env));
  }
  const hosts = new Set([...targets.values()].map(({ tree }) => hostNamed(tree)));
  for (const scenario of chosen) {
    if (adHoc === undefined) break;
    const name = targetName(scenarios.get(scenario));
    const own = name === undefined ? undefined : trees.get(name);
    const tree = adHocTarget({ url: adHoc, own, profile: overrides.profile, hosts });
    const parsed = parsedTarget("target", tree, axes, env);
    // Problems in inherited keys are reported with the target that they come from.
    const problems = parsed.problems.filter(({ place }) => "flag" in place);
    targets.set(adHocName(name), { ...parsed, problems });
  }
  return { scenarios, targets, adHoc, targetOf, problems };
}

/** The address of the scenario's own model endpoint is known and filled in only during the run. */
function ownEnvironment(tree: Located, env: Environment): Environment {
  return nodeAt(tree, ["model"]) ? { ...env, MODEL_URL: MODEL_PLACE } : env;
}

export function targetName(scenario: Parsed<ScenarioData> | undefined): string | undefined {
  const node = nodeAt(scenario?.tree, ["target"]);
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

function hostNamed(target: Located): string | undefined {
  const url = nodeAt(target, ["url"]);
  return url?.kind === "scalar" ? hostOf(String(url.value)) : undefined;
}

function parsedTarget(label: string, tree: Located, axes: Axes, env: Environment): Parsed<TargetData> {
  const node = nodeAt(tree, ["profile"]);
  const profile = node ? String(plain(node)) : DEFAULT_PROFILE;
  return parseTree(label, tree, targetSchema(axes, profile), env);
}

function withProfile(tree: Located, profile: string | undefined): Located {
  return profile === undefined ? tree : withValue(tree, ["profile"], locate(profile, { flag: "--profile" }));
}

/** An unknown metric is a wrong key, whatever its value. */
function metricKey(fault: Fault, axes: Axes): Fault {
  const [first, metric] = fault.path;
  const strange =
    first === "sla" && typeof metric === "string" && !axes.metricNames.includes(metric.replace(/\{.*$/, ""));
  return strange ? { ...fault, path: ["sla", metric], atKey: true } : fault;
}
