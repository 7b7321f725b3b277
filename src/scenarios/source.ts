// Opens scenario files, and the files that they name.
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

export interface ScenarioSource {
  /** For messages. */
  readonly path: string;
  readonly parts: readonly ScenarioPart[];
  readonly axes: Axes;
  readonly env: Environment;
  /** Definitions of the modules under `extensions`; also part of `axes`. */
  readonly own?: readonly OwnDefinition[];
  /** Relative to the scenario file. */
  readonly readText: ReadText;
}

/** Of accounts, tokens or certificates: room for a million accounts. */
const MAX_SIDE_FILE_BYTES = 128 * 1_048_576;

const MODULES = [".ts", ".mts", ".js", ".mjs"];

export interface SourceSurroundings {
  /** Absolute; relative paths start there. */
  readonly cwd: string;
  readonly axes: Axes;
  readonly env: Environment;
}

/**
 * Opens files as one: YAML, or modules with the same data as default export. Throws a `UserError` if one cannot be read.
 * Files that they name are read relative to the folder of the first.
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

/** The same for a text: `path` is for messages and relative paths. */
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
  const readText: ReadText = (name) => boundedText(resolve(folder, name), MAX_SIDE_FILE_BYTES);
  return { path, parts, axes, env, readText };
}

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
