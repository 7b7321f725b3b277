// Which scenario file a command reads: the one that was named, the one in this folder, or the catalogue of gp-load.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openScenarios, type ScenarioSource } from "../scenarios/source.js";
import { UserError } from "../support/errors.js";
import { AXES } from "./axes.js";
import { type AppContext, type CommandInput, textOption } from "./context.js";

const USUAL = "scenarios.yaml";
const CATALOGUE = fileURLToPath(new URL("../../scenarios.yaml", import.meta.url));

/** Opens the file for a command that can do without one of its own; that it is the catalogue is said on stderr. */
export function openChosenFile(input: CommandInput, context: AppContext): ScenarioSource {
  const file = textOption(input, "file");
  if (file !== undefined || existsSync(join(context.cwd, USUAL))) return openOwnFile(input, context);
  context.stderr(
    `there is no ${USUAL} here: taking the scenarios that come with gp-load (\`gp-load init\` writes a file of your own)\n`,
  );
  return openScenarios(CATALOGUE, context.cwd, AXES, context.env);
}

/** Opens the file for a command that is about a file of one's own. */
export function openOwnFile(input: CommandInput, context: AppContext): ScenarioSource {
  const file = textOption(input, "file");
  if (file === undefined && !existsSync(join(context.cwd, USUAL)))
    throw new UserError(
      `there is no ${USUAL} in ${context.cwd}`,
      "`gp-load init` writes one, and -f names another file",
    );
  return openScenarios(file ?? USUAL, context.cwd, AXES, context.env);
}
