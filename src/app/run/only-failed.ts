// `--only-failed <dir>`: the scenarios of an earlier suite or run that did not pass.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PastRun } from "../../model/report/suite.js";
import { readRunLog } from "../../report/build/read-log.js";
import { buildReport } from "../../report/build/report.js";
import { readSuite } from "../../report/suite/read.js";
import { surveyScenarios } from "../../scenarios/load-file.js";
import type { ScenarioSource } from "../../scenarios/source.js";
import { UserError } from "../../support/errors.js";

const SUITE = "suite.json";
const RUN = "run.jsonl";

/**
 * The runs that did not pass, each scenario once, in order. Throws a `UserError` if `dir` holds no runs, or the file no
 * longer has one of the scenarios.
 */
export async function failedBefore(
  dir: string,
  source: ScenarioSource,
  cwd: string,
): Promise<readonly PastRun[]> {
  const { folder, runs } = await pastRuns(dir, cwd);
  const failed = runs.filter(({ result }) => result !== "PASS");
  const known = new Set(surveyScenarios(source).map(({ name }) => name));
  const gone = failed.filter(({ scenario }) => !known.has(scenario)).map(({ scenario }) => scenario);
  if (gone.length === 0) return failed;
  throw new UserError(
    `${source.path} no longer has ${gone.map((name) => `\`${name}\``).join(", ")}, which did not pass in ${folder}`,
    "pass the file with -f, or name the scenarios that are left",
  );
}

/**
 * `dir` (relative to `cwd`) is the folder of a suite or of a single run, or one that holds such folders: then its newest
 * suite counts, or without a suite its newest run. Throws a `UserError` if there is none.
 * @returns the folder read, as the user may name it, and its runs
 */
async function pastRuns(dir: string, cwd: string) {
  const absolute = resolve(cwd, dir);
  if (!existsSync(absolute)) throw new UserError(`no folder ${dir}`, HINT);
  if (!statSync(absolute).isDirectory()) throw new UserError(`${dir} is not a folder`, HINT);
  const inside = newestFirst(absolute);
  const newest = (file: string): string | undefined =>
    ["", ...inside].find((name) => existsSync(join(absolute, name, file)));
  const suite = existsSync(join(absolute, RUN)) ? undefined : newest(SUITE);
  if (suite !== undefined) return { folder: join(dir, suite), runs: readSuite(join(absolute, suite, SUITE)) };
  const run = newest(RUN);
  if (run === undefined) throw new UserError(`${dir} contains neither a suite nor a run`, HINT);
  return { folder: join(dir, run), runs: [await readRun(join(absolute, run, RUN))] };
}

const HINT = "pass the folder of a suite or a run, or the folder that contains them, such as reports";

/** Names of the folders inside, newest first: names begin with the time of the start. */
function newestFirst(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .reverse();
}

/** Judged from its log, so that a run that crashed before its reports counts as not passed. */
async function readRun(path: string): Promise<PastRun> {
  const { fold, header } = await readRunLog(path);
  const { verdict, scenario, target } = buildReport(fold, header);
  return { scenario: scenario.name, target: target.name, result: verdict };
}
