// A scenario's own prompts, and whether the prompts named in its journey exist.
import { messageOf } from "../../support/errors.js";
import type { Axes } from "../axes.js";
import { type Problem, ScenarioProblems } from "../parse/problems.js";
import { type Parsed, problemOf } from "../parse/typed.js";
import { promptFaults } from "../rules/crosscheck.js";
import { journeysOf } from "../rules/groups.js";
import type { ScenarioData } from "../schema/scenario.js";
import type { ScenarioSource } from "../source.js";
import { promptSet } from "./library.js";
import { loadPromptFile, type Prompt } from "./prompt.js";

export interface OwnPrompts {
  readonly prompts: readonly Prompt[];
  readonly problems: readonly Problem[];
}

/** Reads a scenario's prompt file, and checks its journey against it. */
export function ownPrompts(name: string, parsed: Parsed<ScenarioData>, source: ScenarioSource): OwnPrompts {
  const file = parsed.data?.prompts;
  if (file === undefined) return { prompts: [], problems: [] };
  try {
    const prompts = loadPromptFile(file, source.readText);
    return { prompts, problems: journeyProblems(name, parsed, source.axes.steps, prompts) };
  } catch (error) {
    if (error instanceof ScenarioProblems) return { prompts: [], problems: error.problems };
    const fault = { path: ["prompts"], message: `cannot read ${file}: ${messageOf(error)}` };
    return { prompts: [], problems: [problemOf(`scenarios.${name}`, parsed.tree, fault)] };
  }
}

/** Problems of a scenario without a prompt file. */
export function promptProblems(
  name: string,
  parsed: Parsed<ScenarioData>,
  steps: Axes["steps"],
): readonly Problem[] {
  return parsed.data?.prompts === undefined ? journeyProblems(name, parsed, steps, []) : [];
}

function journeyProblems(
  name: string,
  parsed: Parsed<ScenarioData>,
  steps: Axes["steps"],
  own: readonly Prompt[],
): readonly Problem[] {
  const set = promptSet(own);
  const faults = journeysOf(parsed.data ?? {}).flatMap((one) =>
    promptFaults(one, steps, set, parsed.data?.conversations !== undefined),
  );
  return faults.map((fault) => problemOf(`scenarios.${name}`, parsed.tree, fault));
}
