// A YAML file of one schema, without an environment: its data, or all of its problems with their lines.
import type { z } from "zod";
import { ScenarioProblems } from "./problems.js";
import { parseTree } from "./typed.js";
import { readYaml } from "./yaml.js";

/** @throws ScenarioProblems with all problems at once */
export function parseWholeFile<T>(content: string, file: string, schema: z.ZodType<T>): T {
  const { root, problems, broken } = readYaml(content, file);
  const empty = { place: { file, line: 1, column: 1 }, message: "the file is empty" };
  if (broken || !root) throw new ScenarioProblems(broken ? problems : [empty]);
  const parsed = parseTree("file", root, schema, undefined);
  if (!parsed.data || problems.length > 0) throw new ScenarioProblems([...problems, ...parsed.problems]);
  return parsed.data;
}
