// Opens a scenario file on disk, and the files beside it that it names.
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { codeOf, messageOf, UserError } from "../support/errors.js";
import type { ReadText } from "./accounts/accounts.js";
import type { Axes } from "./axes.js";
import type { Environment } from "./parse/environment.js";
import { MAX_FILE_BYTES } from "./parse/yaml.js";

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

/** Largest file of accounts, tokens or certificates, bytes: a million accounts fit. */
const MAX_SIDE_FILE_BYTES = 128 * 1_048_576;

/**
 * Reads the file at `path` (relative to `cwd`). Throws a `UserError` when it cannot be read. Files that it names
 * are read relative to its own folder.
 */
export function openScenarios(path: string, cwd: string, axes: Axes, env: Environment): ScenarioSource {
  const full = isAbsolute(path) ? path : join(cwd, path);
  return openScenarioText(scenarioText(full, path), path, cwd, axes, env);
}

/** The same for a text that is to become the file at `path`. */
export function openScenarioText(
  text: string,
  path: string,
  cwd: string,
  axes: Axes,
  env: Environment,
): ScenarioSource {
  const folder = dirname(isAbsolute(path) ? path : join(cwd, path));
  return {
    path,
    text,
    axes,
    env,
    readText: (name) => boundedText(isAbsolute(name) ? name : join(folder, name), MAX_SIDE_FILE_BYTES),
  };
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
