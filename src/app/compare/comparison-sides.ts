// From the name of one side of a comparison to the samples of its runs.
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Side } from "../../report/comparison/build.js";
import { readRunSamples } from "../../report/comparison/read-side.js";
import type { RunSamples } from "../../report/comparison/samples.js";
import { STORED_SUFFIX } from "../../report/comparison/stored.js";
import { readSuite } from "../../report/suite/read.js";
import { UserError } from "../../support/errors.js";

export interface NamedRuns {
  /** As given. */
  readonly name: string;
  readonly runs: readonly [RunSamples, ...RunSamples[]];
}

/** Of one side. */
const MAX_RUNS = 200;
const RUN = "run.jsonl";
const SUITE = "suite.json";

/**
 * Reads runs, suites, baselines, or folders of them, by folder or file; several are joined by commas.
 * @param cwd absolute folder that relative paths start at
 */
export async function readRuns(given: string, cwd: string): Promise<NamedRuns> {
  const paths = runPaths(given, cwd);
  if (paths.length > MAX_RUNS)
    throw new UserError(`${given}: ${paths.length} runs are more than can be compared`);
  return readRunsAt(given, paths);
}

/** @param paths absolute, of folders or files of runs */
export async function readRunsAt(name: string, paths: readonly string[]): Promise<NamedRuns> {
  // A run named twice (folder, file, link, copy) counts once: twice would make the result look more certain than it is.
  const runs = new Map<string, RunSamples>();
  for (const path of paths) {
    const run = await readRunSamples(path);
    if (!runs.has(run.header.runId)) runs.set(run.header.runId, run);
  }
  const [first, ...rest] = runs.values();
  if (!first)
    throw new UserError(`${name || "''"} is not a run`, "pass the folder of a run, such as reports/latest");
  return { name, runs: [first, ...rest] };
}

function runPaths(given: string, cwd: string): readonly string[] {
  return given
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "")
    .flatMap((path) => runsIn(resolve(cwd, path)));
}

/** A folder that is not itself a run stands for the runs in it: of a suite, a baseline, or `--repeat`. */
function runsIn(path: string): readonly string[] {
  if (!existsSync(path) || !statSync(path).isDirectory() || existsSync(join(path, RUN))) return [path];
  if (existsSync(join(path, SUITE))) return suiteRuns(path);
  const runs = readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter(
      (one) =>
        one.endsWith(STORED_SUFFIX) || (!lstatSync(one).isSymbolicLink() && existsSync(join(one, RUN))),
    );
  return runs.length > 0 ? runs : [path];
}

function suiteRuns(folder: string): readonly string[] {
  return readSuite(join(folder, SUITE)).flatMap(({ folder: own }) => (own ? [join(folder, own)] : []));
}

export function scenariosOf({ runs }: NamedRuns): readonly string[] {
  return [...new Set(runs.map(({ header }) => header.scenario.name))];
}

/** The runs of one scenario; all runs if it is not among them, so that the comparison shows the difference. */
export function sideOf({ name, runs }: NamedRuns, scenario: string): Side {
  const [first, ...rest] = runs.filter(({ header }) => header.scenario.name === scenario);
  return { name, runs: first ? [first, ...rest] : runs };
}
