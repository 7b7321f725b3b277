// Several scenarios one after another, then one summary of all with one exit code.
import { join, relative } from "node:path";
import type { RunReport } from "../../model/report/report.js";
import type { SuiteReport, SuiteRun } from "../../model/report/suite.js";
import { buildSuite, type SuiteEntry } from "../../report/suite/build.js";
import { renderSuiteMarkdown } from "../../report/suite/markdown.js";
import { renderSuiteTerminal } from "../../report/suite/terminal.js";
import { writeSuite } from "../../report/suite/write.js";
import { appendSummary } from "../../report/write-whole.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { codeOf, EXIT, messageOf, ROOM_HINT, UserError, worstExit } from "../../support/errors.js";
import type { AppContext } from "../context.js";
import { lastingInterrupt } from "../lasting-interrupt.js";
import { inReportFolder, newReportFolder, shownPath } from "../report-folder.js";
import { tell, wantsColourOn } from "../stdout.js";
import { toolVersion } from "../version.js";
import { writeCopies } from "./copies.js";
import type { RunSettings } from "./launch.js";
import { preflight } from "./preflight.js";
import { runOne } from "./run-one.js";

export interface SuiteSettings extends RunSettings {
  /** Stop after the first scenario that does not pass. */
  readonly failFast: boolean;
  /** Runs of each scenario, each time with the next seed. */
  readonly repeat: number;
}

export interface EndedSuite {
  readonly suite: SuiteReport;
  /** Of the scenarios that ran, in order. */
  readonly reports: readonly RunReport[];
  /** Absolute; of the suite. */
  readonly folder: string;
  /** Absolute; of the runs with a report. */
  readonly runFolders: readonly string[];
}

interface Planned {
  readonly scenario: Scenario;
  /** From 1; absent without --repeat. */
  readonly repetition?: number;
}

type Outcome = SuiteEntry["outcome"];

/** Seeds are unsigned 32-bit numbers. */
const MAX_SEED = 4_294_967_295;

const NOT_YET = "the suite ended before its turn came";
const AFTER_FAILURE = "an earlier scenario did not pass (--fail-fast)";
const INTERRUPTED = "interrupted before its turn came";

/**
 * Refuses the whole suite with a `UserError` if one of its scenarios cannot run here. The suite's files are rewritten
 * after each run, so that even a suite that is killed leaves its results.
 */
export async function runSuite(
  scenarios: readonly Scenario[],
  settings: SuiteSettings,
  context: AppContext,
  run: typeof runOne = runOne,
): Promise<EndedSuite> {
  refuseUnfit(scenarios, settings);
  const planned = repeated(scenarios, settings.repeat);
  const startedAt = new Date();
  const startUs = nowUs();
  const folder = newReportFolder(settings, context, "suite", startedAt);
  inReportFolder(folder, () => undefined);
  const interrupt = lastingInterrupt(context);
  const outcomes: Outcome[] = [];
  const account = (rest: string): SuiteReport =>
    buildSuite({
      version: toolVersion(),
      startedAt,
      durationMs: (nowUs() - startUs) / 1000,
      interrupted: rest === INTERRUPTED && outcomes.length < planned.length,
      entries: planned.map((one, index) => entryOf(one, outcomes[index], rest)),
    });
  const reportsSoFar = (): readonly (RunReport | undefined)[] =>
    planned.map((_, index) => reportOf(outcomes[index]));
  let full = false;
  const write = async (suite: SuiteReport): Promise<void> => {
    try {
      await writeSuite(folder, suite, reportsSoFar());
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      if (!full)
        context.stderr(`error: the suite's files were not written: ${messageOf(error)}\n  ${ROOM_HINT}\n`);
      full = true;
    }
    if (settings.copies) await writeCopies(settings.copies, folder, context);
  };
  let bug: unknown;
  let rest = NOT_YET;
  try {
    await write(account(rest));
    for (const [index, { scenario }] of planned.entries()) {
      const place = `${index + 1}/${planned.length}`;
      try {
        const ended = await run(scenario, { ...settings, place }, interrupt.context);
        outcomes.push({ kind: "ran", report: ended.report, folder: between(folder, ended.folder) });
      } catch (error) {
        const refused = error instanceof UserError;
        if (!refused) bug = error;
        else context.stderr(`error: ${scenario.name}: ${error.message}\n${hintOf(error)}`);
        const why = refused ? error.message : `a bug in gp-load: ${messageOf(error)}`;
        outcomes.push({ kind: "not-run", why, exitCode: refused ? EXIT.usage : EXIT.bug });
      }
      rest = whyStop(outcomes[index], settings, interrupt.asked()) ?? NOT_YET;
      if (rest !== NOT_YET || bug !== undefined) break;
      await write(account(rest));
    }
  } finally {
    interrupt.ignore();
  }
  const whole = account(rest);
  await write(whole);
  const suite = full ? { ...whole, exitCode: worstExit([whole.exitCode, EXIT.unwritten]) } : whole;
  await appendSummary(context.env.GITHUB_STEP_SUMMARY, renderSuiteMarkdown(suite));
  if (!settings.json) tell(terminalText(suite, folder, settings, context), context);
  // The caller reports bugs; the results are written.
  if (bug !== undefined) throw bug;
  return {
    suite,
    reports: reportsSoFar().filter((report) => report !== undefined),
    folder,
    runFolders: outcomes.flatMap((outcome) => (outcome.kind === "ran" ? join(folder, outcome.folder) : [])),
  };
}

/** Round by round, so that changes on the machine affect all scenarios alike. */
function repeated(scenarios: readonly Scenario[], times: number): readonly Planned[] {
  if (times === 1) return scenarios.map((scenario) => ({ scenario }));
  return Array.from({ length: times }, (_, round) =>
    scenarios.map((scenario) => ({
      scenario: { ...scenario, seed: ((scenario.seed - 1 + round) % MAX_SEED) + 1 },
      repetition: round + 1,
    })),
  ).flat();
}

/** Why to start no further scenario; `undefined` to go on. */
function whyStop(
  outcome: Outcome | undefined,
  { failFast }: SuiteSettings,
  interrupted: boolean,
): string | undefined {
  const report = reportOf(outcome);
  if (interrupted || report?.exitCode === EXIT.interrupted) return INTERRUPTED;
  return failFast && report?.verdict !== "PASS" ? AFTER_FAILURE : undefined;
}

function entryOf({ scenario, repetition }: Planned, outcome: Outcome | undefined, rest: string): SuiteEntry {
  const { name, description, tags, target } = scenario;
  const which = repetition === undefined ? {} : { repetition };
  return {
    scenario: { name, ...which, description, tags, target: target.name },
    outcome: outcome ?? { kind: "not-run", why: rest },
  };
}

const reportOf = (outcome: Outcome | undefined): RunReport | undefined =>
  outcome?.kind === "ran" ? outcome.report : undefined;

/** Lists all scenarios that cannot run, with a command line for the others. */
function refuseUnfit(scenarios: readonly Scenario[], { workers, fleet }: RunSettings): void {
  const refusals = scenarios.flatMap((scenario) => {
    try {
      preflight(scenario, workers, fleet !== undefined);
      return [];
    } catch (error) {
      if (error instanceof UserError) return [{ scenario, error }];
      throw error;
    }
  });
  const [first] = refusals;
  if (!first) return;
  const unfit = new Set(refusals.map(({ scenario }) => scenario));
  const fit = scenarios.filter((scenario) => !unfit.has(scenario)).map(({ name }) => name);
  const others = fit.length === 0 ? [] : [`the others can run: gp-load run ${fit.join(" ")}`];
  throw new UserError(
    refusals.map(({ error }) => error.message).join("\n"),
    [...new Set(refusals.flatMap(({ error }) => error.hint ?? [])), ...others].join("\n"),
  );
}

function hintOf({ hint }: UserError): string {
  return hint ? `${hint.replace(/^/gm, "  ")}\n` : "";
}

function between(from: string, to: string): string {
  return relative(from, to).replaceAll("\\", "/");
}

function terminalText(
  suite: SuiteReport,
  folder: string,
  { noColor }: SuiteSettings,
  context: AppContext,
): string {
  const colour = wantsColourOn(context, noColor);
  return `\n${renderSuiteTerminal(suite, {
    colour,
    directory: shownPath(folder, context),
    shownFolder: ({ folder: own }: SuiteRun) => (own === null ? "" : shownPath(join(folder, own), context)),
  })}`;
}

/** A suite with nothing to run. */
export function emptySuite(): EndedSuite {
  const input = { version: toolVersion(), startedAt: new Date(), durationMs: 0, interrupted: false };
  return { suite: buildSuite({ ...input, entries: [] }), reports: [], folder: "", runFolders: [] };
}

/** Output of `--json` for a suite: suite.json, with the full report of each run. */
export function suiteAsJson({ suite, reports }: EndedSuite): Readonly<Record<string, unknown>> {
  return { ...suite, reports };
}
