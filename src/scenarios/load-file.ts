// The text of a scenario file to frozen scenarios, or all of its problems at once.
import { createRedactor, redactUrl } from "../support/redaction.js";
import type { ReadText } from "./accounts.js";
import { assembled, pairProblems, scenarioProblems } from "./assemble.js";
import type { Axes } from "./axes.js";
import type { Environment } from "./environment.js";
import { deepFreeze } from "./freeze.js";
import { hostOf } from "./hosts.js";
import { placeAt, plain } from "./located.js";
import { type Outline, outlineOf } from "./outline.js";
import type { Overrides } from "./overrides.js";
import { type Parsed, problemOf } from "./parse.js";
import { type ParsedFile, parsedFile, targetName } from "./parsed-file.js";
import { orderedProblems, type Problem, ScenarioProblems } from "./problems.js";
import { secretsOf } from "./redacted.js";
import type { Scenario, Target } from "./scenario.js";
import type { ScenarioData } from "./schema/scenario.js";
import { type Selection, selected } from "./selection.js";
import { suggestion } from "./suggest.js";
import { targetOf } from "./target.js";

/** A scenario file and all that its meaning depends on. */
export interface ScenarioSource {
  /** As it is shown in messages. */
  readonly path: string;
  readonly text: string;
  readonly axes: Axes;
  readonly env: Environment;
  /** Reads a file that the scenario file names, relative to it. */
  readonly readText: ReadText;
}

export interface LoadedScenarios {
  /** In the order of the file, deeply frozen. */
  readonly scenarios: readonly Scenario[];
  /** What would be wrong with targets that these scenarios do not use: variables that are not set. */
  readonly warnings: readonly Problem[];
}

/**
 * Loads the chosen scenarios. The whole file must be sound, but only the chosen scenarios and their targets need their
 * environment variables and files. Throws `ScenarioProblems` with every problem of the file and the overrides,
 * and `UserError` for a scenario or tag that is not there.
 */
export function loadScenarios(
  source: ScenarioSource,
  selection: Selection = {},
  overrides: Overrides = {},
): LoadedScenarios {
  const { file, chosen, problems } = readFile(source, selection, overrides);
  const targets = usedTargets(source, file, chosen, overrides, problems);
  const scenarios: Scenario[] = [];
  for (const name of chosen) {
    const parsed = file.scenarios.get(name);
    if (!parsed) continue;
    problems.push(...parsed.unset);
    const used = targets.get(name);
    if (!used) continue;
    problems.push(...pairProblems(name, parsed, used.target));
    const scenario = assembled(name, parsed, used.target);
    if (scenario) scenarios.push({ ...scenario, secrets: [...parsed.secrets, ...used.secrets] });
  }
  if (problems.length > 0) throw redactedProblems(problems, file);
  const needed = new Set(chosen.map((name) => overrides.target ?? targetName(file.scenarios.get(name))));
  const warnings = [...file.targets].flatMap(([name, parsed]) => (needed.has(name) ? [] : parsed.unset));
  return { scenarios: deepFreeze(scenarios), warnings: orderedProblems(warnings) };
}

/** What a list of scenarios shows; `load` is `undefined` where it depends on a variable that is not set. */
export interface ScenarioSummary {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly target: string | undefined;
  readonly load: Scenario["load"] | undefined;
}

/** The chosen scenarios without their targets: no environment and no other file is needed. Throws as `loadScenarios` does. */
export function surveyScenarios(
  source: ScenarioSource,
  selection: Selection = {},
): readonly ScenarioSummary[] {
  const { file, chosen, problems } = readFile(source, selection, {});
  if (problems.length > 0) throw redactedProblems(problems, file);
  return chosen.map((name) => {
    const parsed = file.scenarios.get(name);
    const raw = (parsed ? plain(parsed.tree) : {}) as { description?: string; tags?: readonly string[] };
    return {
      name,
      description: raw.description ?? "",
      tags: raw.tags ?? [],
      target: targetName(parsed),
      load: parsed?.data?.load,
    };
  });
}

interface FileRead {
  readonly file: ParsedFile;
  readonly chosen: readonly string[];
  /** Of the whole file, whatever the environment holds. */
  readonly problems: Problem[];
}

function readFile(source: ScenarioSource, selection: Selection, overrides: Overrides): FileRead {
  const outline = outlineOf(source.text, source.path);
  // A scenario that is too broken to be listed is not "unknown".
  const hidden = (selection.names ?? []).some(
    (name) => outline.names.has(name) && !outline.scenarios.has(name),
  );
  if (outline.broken || hidden || outline.scenarios.size === 0) throw new ScenarioProblems(outline.problems);
  const chosen = selected(outline.scenarios, selection);
  const file = parsedFile(outline, source.axes, source.env, chosen, overrides);
  const problems = [
    ...outline.problems,
    ...file.problems,
    ...[...file.scenarios.values(), ...file.targets.values()].flatMap((parsed) => parsed.problems),
    ...[...file.scenarios].flatMap(([name, parsed]) => scenarioProblems(name, parsed, source.axes.steps)),
    ...[...file.scenarios].flatMap(([name, parsed]) =>
      targetProblem(name, parsed, outline, file, chosen.includes(name) ? overrides.target : undefined),
    ),
  ];
  return { file, chosen, problems };
}

function targetProblem(
  name: string,
  parsed: Parsed<ScenarioData>,
  outline: Outline,
  file: ParsedFile,
  override: string | undefined,
): Problem[] {
  const wanted = override ?? targetName(parsed);
  if (wanted === undefined) {
    const written = parsed.tree.kind === "map" && parsed.tree.entries.has("target");
    if (written) return [];
    const place = outline.names.get(name) ?? parsed.tree.place;
    return [{ place, message: `scenarios.${name}.target: is missing`, hint: `known: ${known(outline)}` }];
  }
  const unset = parsed.unset.length > 0 && override === undefined;
  if (file.targets.has(wanted) || unset) return [];
  const place = override === undefined ? placeAt(parsed.tree, ["target"]) : { flag: "--target" };
  const hint = suggestion(wanted, [...outline.targets.keys()]);
  return [{ place, message: `unknown target \`${wanted}\``, hint }];
}

function known(outline: Outline): string {
  return [...outline.targets.keys()].join(", ");
}

interface UsedTarget {
  readonly target: Target;
  readonly secrets: readonly string[];
}

/** Scenario name → its target, built once for all that share it. */
function usedTargets(
  source: ScenarioSource,
  file: ParsedFile,
  chosen: readonly string[],
  overrides: Overrides,
  problems: Problem[],
): ReadonlyMap<string, UsedTarget> {
  const allowedHosts = [...hostsOf(file), ...(overrides.allowHosts ?? []).map((host) => host.toLowerCase())];
  const built = new Map<string, UsedTarget | undefined>();
  const build = (name: string): UsedTarget | undefined => {
    const parsed = file.targets.get(name);
    problems.push(...(parsed?.unset ?? []));
    if (!parsed?.data) return undefined;
    const adHoc = name === file.adHoc;
    const shown = adHoc ? redactUrl(name) : name;
    const context = {
      name: shown,
      adHoc,
      allowedHosts,
      profiles: source.axes.profiles,
      readText: source.readText,
    };
    const result = targetOf(parsed.data, context);
    const label = adHoc ? "target" : `targets.${name}`;
    problems.push(...result.faults.map((fault) => problemOf(label, parsed.tree, fault)), ...result.problems);
    return result.target && { target: result.target, secrets: parsed.secrets };
  };
  const used = new Map<string, UsedTarget>();
  for (const scenario of chosen) {
    const name = overrides.target ?? targetName(file.scenarios.get(scenario));
    if (name === undefined) continue;
    if (!built.has(name)) built.set(name, build(name));
    const target = built.get(name);
    if (target) used.set(scenario, target);
  }
  return used;
}

/** Hosts that the file itself names: they may be loaded. */
function hostsOf(file: ParsedFile): readonly string[] {
  return [...file.targets]
    .filter(([name]) => name !== file.adHoc)
    .flatMap(([, parsed]) => [parsed.data?.url, parsed.data?.authUrl])
    .map((url) => (url === undefined ? undefined : hostOf(url)))
    .filter((host) => host !== undefined);
}

/** Messages quote what was written: a password in the wrong place must not end up on the terminal. */
function redactedProblems(problems: readonly Problem[], file: ParsedFile): ScenarioProblems {
  const trees = [...file.scenarios.values(), ...file.targets.values()];
  const secrets = trees.flatMap((parsed) => [...parsed.secrets, ...secretsOf(plain(parsed.tree))]);
  // Names of files stand under secret-looking keys (`tokens`, `key`): they are what the message is about.
  const { redact } = createRedactor(
    secrets.filter((secret) => !/^[\w./~-]+\.(txt|pem|key|csv)$/.test(secret)),
  );
  return new ScenarioProblems(
    problems.map((problem) => ({
      ...problem,
      message: redact(problem.message),
      hint: problem.hint === undefined ? undefined : redact(problem.hint),
    })),
  );
}
