// From the text of a scenario file to frozen scenarios, or to all of its problems at once.
import { defined } from "../support/defined.js";
import { createRedactor } from "../support/redaction.js";
import { assembled, pairProblems, scenarioProblems } from "./assemble.js";
import { ownModel } from "./model-script.js";
import { ownModules } from "./own-code.js";
import { placeAt, plain } from "./parse/located.js";
import { type Outline, outlineOf } from "./parse/outline.js";
import type { Overrides } from "./parse/overrides.js";
import { orderedProblems, type Problem, ScenarioProblems } from "./parse/problems.js";
import { suggestion } from "./parse/suggest.js";
import type { Parsed } from "./parse/typed.js";
import { type ParsedFile, parsedFile, targetName } from "./parsed-file.js";
import { ownPrompts, promptProblems } from "./prompts/own-prompts.js";
import { secretsOf } from "./redacted.js";
import { replayed } from "./replay/own-files.js";
import type { Scenario } from "./scenario.js";
import type { ScenarioData } from "./schema/scenario.js";
import { type Selection, selected } from "./selection.js";
import type { ScenarioSource } from "./source.js";
import { usedTargets } from "./used-targets.js";

export interface LoadedScenarios {
  /** In the order of the file, deeply frozen. */
  readonly scenarios: readonly Scenario[];
  /** Unset variables of targets that these scenarios do not use; unused parts of the files that they replay. */
  readonly warnings: readonly Problem[];
}

/**
 * Loads the chosen scenarios. The whole file must be valid, but only the chosen scenarios and their targets need their
 * environment variables and files. Throws `ScenarioProblems` with every problem of the file and the overrides, and
 * `UserError` for an unknown scenario or tag.
 */
export function loadScenarios(
  source: ScenarioSource,
  selection: Selection = {},
  overrides: Overrides = {},
): LoadedScenarios {
  const { file, chosen, problems } = readFile(source, selection, overrides);
  const targets = usedTargets(source, file, chosen, overrides);
  problems.push(...targets.problems);
  const scenarios: Scenario[] = [];
  const unusedParts: Problem[] = [];
  for (const name of chosen) {
    const parsed = file.scenarios.get(name);
    if (!parsed) continue;
    problems.push(...parsed.unset);
    const own = ownPrompts(name, parsed, source);
    const { model, problems: modelProblems } = ownModel(name, parsed, source);
    const replay = replayed(name, parsed, source);
    problems.push(...own.problems, ...modelProblems, ...replay.problems);
    unusedParts.push(...replay.warnings);
    const used = targets.byScenario.get(name);
    if (!used) continue;
    problems.push(...pairProblems(name, parsed, used.target, source.axes.faults, overrides.allowed));
    const scenario = assembled(name, parsed, used.target);
    if (!scenario) continue;
    const secrets = [...parsed.secrets, ...used.secrets];
    const code = ownModules(scenario, source.own ?? [], source.env);
    problems.push(...code.problems);
    scenarios.push({
      ...scenario,
      load: replay.load ?? scenario.load,
      secrets,
      ...(code.modules.length > 0 ? { extensions: code.modules } : {}),
      ...defined({ model, conversations: replay.conversations }),
      ...(own.prompts.length > 0 ? { prompts: own.prompts } : {}),
    });
  }
  if (problems.length > 0) throw redactedProblems(problems, file);
  const needed = new Set(chosen.map(file.targetOf));
  const warnings = [...file.targets].flatMap(([name, parsed]) => (needed.has(name) ? [] : parsed.unset));
  return { scenarios: deepFreeze(scenarios), warnings: orderedProblems([...warnings, ...unusedParts]) };
}

/** For lists; `load` is `undefined` if it depends on an unset variable. */
export interface ScenarioSummary {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly target: string | undefined;
  readonly load: Scenario["load"] | undefined;
}

/** The chosen scenarios without their targets: needs no environment and no other file. Throws like `loadScenarios`. */
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
  /** Of the whole file, independent of the environment. */
  readonly problems: Problem[];
}

function readFile(source: ScenarioSource, selection: Selection, overrides: Overrides): FileRead {
  const outline = outlineOf(source.parts);
  // A scenario too broken to be listed is not "unknown".
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
    ...[...file.scenarios].flatMap(([name, parsed]) =>
      scenarioProblems(name, parsed, source.axes, outline.orphans.has(name)),
    ),
    ...[...file.scenarios].flatMap(([name, parsed]) => promptProblems(name, parsed, source.axes.steps)),
    ...[...file.scenarios].flatMap(([name, parsed]) =>
      chosen.includes(name) && file.adHoc !== undefined
        ? []
        : targetProblem(name, parsed, outline, file, chosen.includes(name) ? overrides.target : undefined),
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
    if (written || outline.orphans.has(name)) return [];
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

/** Messages quote the file: a password in the wrong place must not end up on the terminal. */
function redactedProblems(problems: readonly Problem[], file: ParsedFile): ScenarioProblems {
  const trees = [...file.scenarios.values(), ...file.targets.values()];
  const secrets = trees.flatMap((parsed) => [...parsed.secrets, ...secretsOf(plain(parsed.tree))]);
  // File names under secret-looking keys (`tokens`, `key`) stay: messages are about them.
  const { redact } = createRedactor(
    secrets.filter((secret) => !/^[\w./~-]+\.(txt|pem|key|csv)$/.test(secret)),
  );
  return new ScenarioProblems(
    problems.map((problem) => ({
      ...problem,
      message: redact(problem.message),
      hint: problem.hint && redact(problem.hint),
    })),
  );
}

/** The data must be free of cycles. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const held of Object.values(value)) deepFreeze(held);
  return Object.freeze(value);
}
