// Inside a GitHub job: annotations for its page, outputs of the step, and text that the runner cannot take for commands.
import { appendFile } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";
import { type Locate, withoutCommands } from "../../report/formats/annotations.js";
import type { ScenarioSource } from "../../scenarios/source.js";
import { writtenPlaces } from "../../scenarios/written-places.js";
import { messageOf } from "../../support/errors.js";
import { oneLine } from "../../support/text.js";
import type { AppContext } from "../context.js";

/** Unchanged outside GitHub. */
export function insideGithub(context: AppContext): AppContext {
  if (context.env.GITHUB_ACTIONS !== "true") return context;
  return {
    ...context,
    // Only our JSON starts with a bracket.
    stdout: (text) => context.stdout(withoutCommands(text, /^[[{]/.test(text))),
    stderr: (text) => context.stderr(withoutCommands(text, false)),
    annotate(lines) {
      if (lines.length > 0) context.stderr(`${lines.join("\n")}\n`);
    },
  };
}

/** Places in the scenario file relative to the workspace, as the runner needs them; `undefined` outside of it. */
export function placesInWorkspace(
  source: Pick<ScenarioSource, "parts">,
  { cwd, env }: Pick<AppContext, "cwd" | "env">,
): Locate {
  const workspace = env.GITHUB_WORKSPACE || cwd;
  const placeOf = writtenPlaces(source);
  return (scenario, key) => {
    const place = placeOf(scenario, key);
    if (!place) return undefined;
    const file = relative(workspace, resolve(cwd, place.file)).replaceAll("\\", "/");
    if (file === ".." || file.startsWith("../") || isAbsolute(file)) return undefined;
    return { ...place, file };
  };
}

/** Outputs for later steps: appended to the file in `GITHUB_OUTPUT`, if set. */
export async function writeStepOutputs(
  outputs: Readonly<Record<string, string | number>>,
  { env, stderr }: Pick<AppContext, "env" | "stderr">,
): Promise<void> {
  if (!env.GITHUB_OUTPUT) return;
  // A line break would start another output.
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${oneLine(String(value))}\n`);
  await appendFile(env.GITHUB_OUTPUT, lines.join("")).catch((error: unknown) => {
    stderr(`warning: GITHUB_OUTPUT was not written: ${messageOf(error)}\n`);
  });
}
