// Reads the file that scripts a model endpoint, with the line of every problem.
import type { ModelScript } from "../llm/script.js";
import { messageOf } from "../support/errors.js";
import { type Problem, ScenarioProblems } from "./parse/problems.js";
import { type Parsed, problemOf } from "./parse/typed.js";
import { parseWholeFile } from "./parse/whole-file.js";
import type { ModelSpec } from "./scenario.js";
import { modelFile, modelSpec } from "./schema/model.js";
import type { ScenarioData } from "./schema/scenario.js";
import type { ScenarioSource } from "./source.js";

/** @throws ScenarioProblems with all problems at once */
export function parseModelScript(content: string, file: string): ModelScript {
  return parseWholeFile(content, file, modelFile).model;
}

export interface OwnModel {
  /** `undefined` if the scenario has no model endpoint, or its file has problems. */
  readonly model: ModelSpec | undefined;
  readonly problems: readonly Problem[];
}

export function ownModel(name: string, parsed: Parsed<ScenarioData>, { readText }: ScenarioSource): OwnModel {
  const given = parsed.data?.model;
  if (typeof given !== "string") return { model: given, problems: [] };
  try {
    return { model: modelSpec(parseModelScript(readText(given), given)), problems: [] };
  } catch (error) {
    if (error instanceof ScenarioProblems) return { model: undefined, problems: error.problems };
    const fault = { path: ["model"], message: `cannot read ${given}: ${messageOf(error)}` };
    return { model: undefined, problems: [problemOf(`scenarios.${name}`, parsed.tree, fault)] };
  }
}
