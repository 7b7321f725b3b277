// gp-load for programs: run, validate and compare, with typed results and no output or exit of its own.
import type { ScenarioFile } from "../../../schema/scenarios.js";
import type { ComparisonReport } from "../../model/report/comparison.js";
import type { RunReport } from "../../model/report/report.js";
import type { ProgressState, ProgressView } from "../../progress/state.js";
import type { Overrides } from "../../scenarios/parse/overrides.js";
import { type Problem, ScenarioProblems } from "../../scenarios/parse/problems.js";
import type { ScenarioSource } from "../../scenarios/source.js";
import { defined } from "../../support/defined.js";
import { messageOf, UserError } from "../../support/errors.js";
import type { AppContext } from "../context.js";
import { onAbort } from "../lasting-interrupt.js";

/** Where scenarios come from. Without `scenarios` and `file`, the same place as for the command line. */
export interface ScenarioOrigin {
  /** In memory, as `defineScenarios` returns them. */
  readonly scenarios?: ScenarioFile;
  /** A scenario file, relative to `cwd`. */
  readonly file?: string;
  /** Where relative paths start; default: the working directory of the process. */
  readonly cwd?: string;
  /** For `${NAME}` in scenarios; default: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunRequest extends ScenarioOrigin {
  readonly scenario: string;
  /** Changes to it, as by the flags of `gp-load run`. */
  readonly overrides?: Omit<Overrides, "allowed" | "allowHosts">;
  /** Further hosts that may be loaded, in addition to those that the file allows. */
  readonly allowHosts?: readonly string[];
  /** Faults may be caused on a target off this machine. */
  readonly allowFaults?: boolean;
  /** Faults may run commands of the scenario file on this machine. */
  readonly allowExec?: boolean;
  /** Worker processes; `auto` by default. */
  readonly workers?: number | "auto";
  /** Folder of the reports, relative to `cwd`; `reports` by default. */
  readonly reports?: string;
  /** Anything that could not be checked makes the run INVALID. */
  readonly strict?: boolean;
  /** Ends the run early: it reports what it has measured, with the exit code of an interrupted run. */
  readonly signal?: AbortSignal;
  /** Called during the run. What it throws becomes a process warning; the run goes on. */
  readonly onEvent?: (event: RunEvent) => void;
}

export type RunEvent =
  /** Once a second, and at each change of phase. */
  | { readonly type: "progress"; readonly state: ProgressState }
  /** A line worth keeping: a warning, a fault that begins or ends, the address of the live page. */
  | { readonly type: "note"; readonly text: string };

export interface LibraryRun {
  readonly report: RunReport;
  /** Absolute. */
  readonly folder: string;
}

/**
 * Runs one scenario and judges it. Throws `ScenarioProblems` or `UserError` if the request cannot be run; a target that
 * cannot be reached is not an error but an INVALID report.
 */
export async function run(request: RunRequest): Promise<LibraryRun> {
  const { loadScenarios } = await import("../../scenarios/load-file.js");
  const { runOne } = await import("../run/run-one.js");
  const { problemText } = await import("../../scenarios/parse/problems.js");
  const view = viewOf(request.onEvent);
  const context = contextOf(request, (text) => view.note(text.trimEnd()));
  const { allowHosts = [], allowFaults = false, allowExec = false } = request;
  const { scenarios, warnings } = loadScenarios(
    await sourceOf(request, context),
    { names: [request.scenario] },
    { ...request.overrides, allowHosts, allowed: { faults: allowFaults, exec: allowExec } },
  );
  for (const warning of warnings) view.note(`warning: ${problemText(warning)}`);
  const [scenario] = scenarios;
  if (!scenario) throw new UserError(`no scenario named ${request.scenario}`);
  const { report, folder } = await runOne(
    scenario,
    {
      workers: request.workers ?? "auto",
      reports: request.reports ?? "reports",
      strict: request.strict ?? false,
      json: true,
      quiet: true,
      noColor: true,
      history: true,
      turns: "sample",
      view,
    },
    context,
  );
  return { report, folder };
}

export interface ValidateResult {
  /** Names of the valid scenarios; empty if there are problems. */
  readonly scenarios: readonly string[];
  readonly problems: readonly Problem[];
  /** Variables that only scenarios outside the selection need. */
  readonly warnings: readonly Problem[];
}

/** Checks all scenarios, or those named, and returns every problem with its place. */
export async function validate(
  request: ScenarioOrigin & { readonly names?: readonly string[] } = {},
): Promise<ValidateResult> {
  const { loadScenarios } = await import("../../scenarios/load-file.js");
  const source = await sourceOf(
    request,
    contextOf(request, () => undefined),
  );
  try {
    const { scenarios, warnings } = loadScenarios(source, { names: request.names ?? [] });
    return { scenarios: scenarios.map(({ name }) => name), problems: [], warnings };
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    return { scenarios: [], problems: error.problems, warnings: [] };
  }
}

export interface CompareRequest {
  /** A folder of a run, several joined by commas, or a named baseline. */
  readonly baseline: string;
  /** A folder of a run, or several joined by commas. */
  readonly candidate: string;
  /** Least change that matters, such as `10%`; the scenario's by default. */
  readonly worse?: string;
  /** And at least this much, such as `5ms`; the scenario's by default. */
  readonly atLeast?: string;
  /** Folder of the named baselines, relative to `cwd`; `baselines` by default. */
  readonly baselines?: string;
  readonly cwd?: string;
}

/** Compares runs with a baseline: one report for each scenario of the candidate. */
export async function compare(request: CompareRequest): Promise<readonly ComparisonReport[]> {
  const { compareRuns, givenLimit } = await import("../compare/compare-folders.js");
  const { namedBaseline } = await import("../compare/baseline-folder.js");
  const { readRuns } = await import("../compare/comparison-sides.js");
  const cwd = request.cwd ?? process.cwd();
  const baseline = namedBaseline(request.baseline, request.baselines ?? "baselines", cwd);
  const limit = givenLimit(request.worse, request.atLeast);
  return compareRuns(await readRuns(baseline, cwd), await readRuns(request.candidate, cwd), limit).map(
    ({ report }) => report,
  );
}

/** Returns scenarios unchanged: it exists for its types, so that an editor completes and checks them. */
export function defineScenarios(file: ScenarioFile): ScenarioFile {
  return file;
}

async function sourceOf({ scenarios, file }: ScenarioOrigin, context: AppContext): Promise<ScenarioSource> {
  if (scenarios !== undefined && file !== undefined)
    throw new UserError(
      "scenarios come either from memory or from a file",
      "pass `scenarios` or `file`, not both",
    );
  const { openScenarioData } = await import("../../scenarios/source.js");
  const { AXES } = await import("../axes.js");
  const { openChosenFile } = await import("../chosen-file.js");
  const { withOwnCode } = await import("../own-code.js");
  if (scenarios === undefined) return openChosenFile({ args: [], options: { file } }, context);
  const source = openScenarioData(scenarios, { cwd: context.cwd, axes: AXES, env: context.env });
  return withOwnCode(source, context.cwd);
}

function contextOf(
  { cwd, env, signal }: ScenarioOrigin & Pick<RunRequest, "signal">,
  stderr: (text: string) => void,
): AppContext {
  return {
    stdout: () => undefined,
    stderr,
    cwd: cwd ?? process.cwd(),
    env: env ?? process.env,
    ...defined({ onInterrupt: signal && ((callback: () => void) => onAbort(signal, callback)) }),
  };
}

function viewOf(onEvent: RunRequest["onEvent"]): ProgressView {
  const tell = (event: RunEvent): void => {
    try {
      onEvent?.(event);
    } catch (error) {
      process.emitWarning(`onEvent of a gp-load run threw: ${messageOf(error)}`);
    }
  };
  return {
    update: (state) => tell({ type: "progress", state }),
    note: (text) => tell({ type: "note", text }),
    end: () => undefined,
  };
}
