// Opens scenario files, and the files next to them that they name.
import { readFileSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { codeOf, messageOf, UserError } from "../support/errors.js";
import type { ReadText } from "./accounts/accounts.js";
import type { Axes } from "./axes.js";
import type { OwnDefinition } from "./own-code.js";
import type { Environment } from "./parse/environment.js";
import type { ScenarioPart } from "./parse/outline.js";
import { MAX_FILE_BYTES } from "./parse/yaml.js";
import { importUserModule } from "./user-module.js";

/** Scenario files and all that their meaning depends on. */
export interface ScenarioSource {
  /** As it is shown in messages. */
  readonly path: string;
  readonly parts: readonly ScenarioPart[];
  readonly axes: Axes;
  readonly env: Environment;
  /** What the modules under `extensions` define; `axes` knows it as well. */
  readonly own?: readonly OwnDefinition[];
  /** Reads a file that the scenario file names, relative to it. */
  readonly readText: ReadText;
}

/** Largest file of accounts, tokens or certificates, bytes: a million accounts fit. */
const MAX_SIDE_FILE_BYTES = 128 * 1_048_576;

/** File name extensions of scenario files that are modules. */
const MODULES = [".ts", ".mts", ".js", ".mjs"];

/** What scenarios are read from: the surroundings of their paths and variables. */
export interface SourceSurroundings {
  /** Absolute; relative paths start there. */
  readonly cwd: string;
  readonly axes: Axes;
  readonly env: Environment;
}

/**
 * Opens the files at `paths` as one: YAML, or modules whose default export holds the same data. Throws a `UserError`
 * when one cannot be read. Files that they name are read relative to the folder of the first.
 */
export async function openScenarios(
  paths: readonly [string, ...string[]],
  surroundings: SourceSurroundings,
): Promise<ScenarioSource> {
  const parts = await Promise.all(
    paths.map(async (path): Promise<ScenarioPart> => {
      const full = resolve(surroundings.cwd, path);
      if (MODULES.includes(extname(path))) return { path, data: await exportedBy(full, path) };
      return { path, text: scenarioText(full, path) };
    }),
  );
  return sourceOf(paths.join(" and "), parts, paths[0], surroundings);
}

/** The same for a text that is to become the file at `path`, or came from elsewhere. */
export function openScenarioText(
  text: string,
  path: string,
  surroundings: SourceSurroundings,
): ScenarioSource {
  return sourceOf(path, [{ path, text }], path, surroundings);
}

/** The same for data in memory. */
export function openScenarioData(data: unknown, surroundings: SourceSurroundings): ScenarioSource {
  return sourceOf("scenarios", [{ path: "scenarios", data }], "scenarios", surroundings);
}

function sourceOf(
  path: string,
  parts: readonly ScenarioPart[],
  first: string,
  { cwd, axes, env }: SourceSurroundings,
): ScenarioSource {
  const folder = dirname(resolve(cwd, first));
  return {
    path,
    parts,
    axes,
    env,
    readText: (name) => boundedText(resolve(folder, name), MAX_SIDE_FILE_BYTES),
  };
}

/** The default export of a module. */
async function exportedBy(full: string, shown: string): Promise<unknown> {
  const module = await importUserModule(full, shown);
  if (module.default === undefined)
    throw new UserError(`${shown} has no default export`, "write `export default defineScenarios({ … })`");
  return module.default;
}

function scenarioText(full: string, shown: string): string {
  try {
    return boundedText(full, MAX_FILE_BYTES);
  } catch (error) {
    const hint =
      codeOf(error) === "ENOENT"
        ? "name another file with -f, change to the folder that holds it, or write one with `gp-load init`"
        : undefined;
    throw new UserError(`cannot read the scenario file ${shown}: ${messageOf(error)}`, hint);
  }
}

function boundedText(path: string, maxBytes: number): string {
  const { size } = statSync(path);
  if (size > maxBytes) throw new Error(`larger than ${maxBytes / 1_048_576} MiB`);
  return readFileSync(path, "utf8");
}
