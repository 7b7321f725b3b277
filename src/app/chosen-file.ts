// Which scenario files a command reads: the one named, those found from this folder, or the built-in ones.
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openScenarios, openScenarioText, type ScenarioSource } from "../scenarios/source.js";
import { UserError } from "../support/errors.js";
import { AXES } from "./axes.js";
import { type AppContext, type CommandInput, textOption } from "./context.js";
import { withOwnCode } from "./own-code.js";

const USUAL = "scenarios.yaml";
const MODULES = ["gp-load.config.ts", "gp-load.config.js", "gp-load.config.mjs"];
const CATALOGUE = fileURLToPath(new URL("../../scenarios.yaml", import.meta.url));

/** For a command that can fall back on the built-in scenarios, which it says on stderr. */
export async function openChosenFile(input: CommandInput, context: AppContext): Promise<ScenarioSource> {
  const own = await openFound(input, context);
  if (own) return own;
  context.stderr(
    `there is no ${USUAL} here: using the built-in scenarios (\`gp-load init\` writes a file of your own)\n`,
  );
  return openScenarios([CATALOGUE], { cwd: context.cwd, axes: AXES, env: context.env });
}

/** For a command that needs a file of the user's own. */
export async function openOwnFile(input: CommandInput, context: AppContext): Promise<ScenarioSource> {
  const own = await openFound(input, context);
  if (own) return own;
  throw new UserError(
    `there is no ${USUAL} in ${context.cwd}`,
    "`gp-load init` writes one; -f chooses another file",
  );
}

/** What `-f` names; without it, `scenarios.yaml` of this folder and the nearest `gp-load.config.*`, merged. */
async function openFound(input: CommandInput, context: AppContext): Promise<ScenarioSource | undefined> {
  const source = await openPlain(input, context);
  return source && withOwnCode(source, context.cwd);
}

async function openPlain(input: CommandInput, context: AppContext): Promise<ScenarioSource | undefined> {
  const surroundings = { cwd: context.cwd, axes: AXES, env: context.env };
  const file = textOption(input, "file");
  if (file === "-") {
    if (!context.stdin) throw new UserError("standard input cannot be read here");
    return openScenarioText(await context.stdin(), "stdin", surroundings);
  }
  if (file !== undefined) return openScenarios([file], surroundings);
  const [first, ...others] = [
    ...(existsSync(join(context.cwd, USUAL)) ? [USUAL] : []),
    ...nearestModule(context.cwd).map((path) => relative(context.cwd, path)),
  ];
  return first === undefined ? undefined : openScenarios([first, ...others], surroundings);
}

/** The `gp-load.config.*` of this folder, or of the nearest parent that has one. */
function nearestModule(folder: string): readonly string[] {
  const found = MODULES.map((name) => join(folder, name)).filter(existsSync);
  const [, second] = found;
  if (second !== undefined)
    throw new UserError(`${folder} holds more than one gp-load.config file`, "keep one of them");
  const above = dirname(folder);
  return found.length > 0 || above === folder ? found : nearestModule(above);
}
