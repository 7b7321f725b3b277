// Reads two sides of a comparison, compares them, and writes and prints what came out.
import { existsSync, lstatSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { type ComparisonReport, DEFAULT_PRACTICAL_LIMIT, type PracticalLimit } from "../model/comparison.js";
import { wantsColour } from "../progress/choose.js";
import { compareSides, type Side } from "../report/comparison/build.js";
import { renderComparisonHtml } from "../report/comparison/html.js";
import { renderComparisonMarkdown } from "../report/comparison/markdown.js";
import { type RunSamples, readRunSamples } from "../report/comparison/read-side.js";
import { renderComparisonTerminal } from "../report/comparison/terminal.js";
import { UserError } from "../support/errors.js";
import { parseDurationUs } from "../support/units.js";
import type { CommandContext } from "./command.js";
import { toolVersion } from "./version.js";

export interface CompareOptions {
  /** Folders or files of runs, repetitions joined by commas; relative to the context's folder. */
  readonly baseline: string;
  readonly candidate: string;
  /** What people gave for the least change that matters; `undefined` for the scenario's. */
  readonly worse: string | undefined;
  readonly atLeast: string | undefined;
  readonly out: string | undefined;
  /** Several comparisons go to one place: each gets a folder named after its candidate. */
  readonly ownFolder: boolean;
  readonly print: "terminal" | "markdown" | "nothing";
  readonly noColor: boolean;
}

const MOST_RUNS = 200;

export async function compareFolders(
  options: CompareOptions,
  context: CommandContext,
): Promise<ComparisonReport> {
  const given = givenLimit(options);
  const baseline = await readSide(options.baseline, context);
  const candidate = await readSide(options.candidate, context);
  const limit = { ...DEFAULT_PRACTICAL_LIMIT, ...scenarioLimit(candidate), ...given };
  const report = compareSides({ baseline, candidate, limit, toolVersion: toolVersion() });
  if (options.out !== undefined) writeFiles(report, baseline, candidate, options, context);
  if (options.print === "markdown") context.stdout(renderComparisonMarkdown(report));
  if (options.print === "terminal") {
    const colour = wantsColour({
      isTTY: context.stdoutIsTTY ?? false,
      noColor: options.noColor,
      env: context.env,
    });
    context.stdout(renderComparisonTerminal(report, { colour }));
  }
  return report;
}

async function readSide(given: string, { cwd }: CommandContext): Promise<Side> {
  const paths = given
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "")
    .flatMap((path) => runsIn(isAbsolute(path) ? path : join(cwd, path)));
  if (paths.length > MOST_RUNS) throw new UserError(`${given}: ${paths.length} runs are too many to compare`);
  const runs: RunSamples[] = [];
  for (const path of paths) runs.push(await readRunSamples(path));
  const [first, ...rest] = runs;
  if (!first) throw new UserError(`${given || "''"} names no run`, "give the folder of a run under reports/");
  return { name: given, runs: [first, ...rest] };
}

/** A folder that is no run itself means the runs in it: those of `--repeat`. */
function runsIn(path: string): readonly string[] {
  if (!existsSync(path) || !statSync(path).isDirectory() || existsSync(join(path, "run.jsonl")))
    return [path];
  const runs = readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter((folder) => !lstatSync(folder).isSymbolicLink() && existsSync(join(folder, "run.jsonl")));
  return runs.length > 0 ? runs : [path];
}

function givenLimit({ worse, atLeast }: CompareOptions): Partial<PracticalLimit> {
  const limit: { ratio?: number; us?: number } = {};
  if (worse !== undefined) {
    const match = /^(\d+(?:\.\d+)?)%$/.exec(worse.trim());
    if (!match) throw new UserError(`--worse ${worse} is not a share`, "write it as 10%");
    limit.ratio = Number(match[1]) / 100;
  }
  if (atLeast !== undefined) {
    const us = parseDurationUs(atLeast);
    if (us === undefined) throw new UserError(`--at-least ${atLeast} is not a duration`, "write it as 5ms");
    limit.us = us;
  }
  return limit;
}

/** `baseline:` of the scenario that the candidate ran. */
function scenarioLimit({ runs }: Side): Partial<PracticalLimit> {
  const data = runs[0].header.scenarioData;
  if (typeof data !== "object" || data === null || !("baseline" in data)) return {};
  const { ratio, us } = data.baseline as Partial<PracticalLimit>;
  return { ...(ratio === undefined ? {} : { ratio }), ...(us === undefined ? {} : { us }) };
}

function writeFiles(
  report: ComparisonReport,
  baseline: Side,
  candidate: Side,
  { out = "", ownFolder }: CompareOptions,
  { cwd, stderr }: CommandContext,
): void {
  const base = isAbsolute(out) ? out : join(cwd, out);
  const folder = ownFolder ? join(base, basename(candidate.runs[0].folder)) : base;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "comparison.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, "comparison.md"), renderComparisonMarkdown(report));
  writeFileSync(join(folder, "comparison.html"), renderComparisonHtml(report, baseline, candidate));
  stderr(`comparison: ${join(out, ownFolder ? basename(folder) : "", "comparison.html")}\n`);
}
