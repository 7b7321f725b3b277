// Several scenarios one after another: each by itself, then all in one account with one exit code.
import { join, relative } from "node:path";
import type { RunReport } from "../../model/report/report.js";
import type { SuiteReport, SuiteRun } from "../../model/report/suite.js";
import { wantsColour } from "../../progress/choose.js";
import { buildSuite, type SuiteEntry } from "../../report/suite/build.js";
import { renderSuiteTerminal } from "../../report/suite/terminal.js";
import { appendStepSummary, writeSuite } from "../../report/suite/write.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { codeOf, EXIT, messageOf, ROOM_HINT, UserError, worstExit } from "../../support/errors.js";
import { type AppContext, tell } from "../context.js";
import { lastingInterrupt } from "../lasting-interrupt.js";
import { inReportFolder, newReportFolder, shownPath } from "../report-folder.js";
import { toolVersion } from "../version.js";
import { writeCopies } from "./copies.js";
import type { RunSettings } from "./launch.js";
import { preflight } from "./preflight.js";
import { runOne } from "./run-one.js";

export interface SuiteSettings extends RunSettings {
  /** Start no further scenario after one that did not pass. */
  readonly failFast: boolean;
  /** How often each scenario is run, each time with the next seed. */
  readonly repeat: number;
}

export interface EndedSuite {
  readonly suite: SuiteReport;
  /** Of the scenarios that were run, in their order. */
  readonly reports: readonly RunReport[];
  /** Absolute; of the suite. */
  readonly folder: string;
  /** Absolute; of its runs that left a report. */
  readonly runFolders: readonly string[];
}

interface Planned {
  readonly scenario: Scenario;
  /** From 1; absent where each scenario is run once. */
  readonly repetition?: number;
}

/** What became of a scenario so far; `undefined` while its turn has not come. */
type Outcome = SuiteEntry["outcome"];

/** A seed is an unsigned number of 32 bits. */
const MOST_SEED = 4_294_967_295;

const NOT_YET = "the suite ended before its turn came";
const AFTER_FAILURE = "an earlier scenario did not pass (--fail-fast)";
const INTERRUPTED = "interrupted before its turn came";

/**
 * Refuses the whole suite with a `UserError` when one of its scenarios cannot be run here. The suite's files are written
 * anew after each run, so that even a suite that is killed leaves its account.
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
  await appendStepSummary(context.env.GITHUB_STEP_SUMMARY, suite);
  if (!settings.json) tell(terminalText(suite, folder, settings, context), context);
  // The stack is told where all bugs are told; the account has been written.
  if (bug !== undefined) throw bug;
  return {
    suite,
    reports: reportsSoFar().filter((report) => report !== undefined),
    folder,
    runFolders: outcomes.flatMap((outcome) => (outcome.kind === "ran" ? join(folder, outcome.folder) : [])),
  };
}

/** Round by round, so that what changes on the machine meanwhile meets all scenarios alike. */
function repeated(scenarios: readonly Scenario[], times: number): readonly Planned[] {
  if (times === 1) return scenarios.map((scenario) => ({ scenario }));
  return Array.from({ length: times }, (_, round) =>
    scenarios.map((scenario) => ({
      scenario: { ...scenario, seed: ((scenario.seed - 1 + round) % MOST_SEED) + 1 },
      repetition: round + 1,
    })),
  ).flat();
}

/** Why no further scenario is to be started; `undefined` to go on. */
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

/** All that cannot be run is told at once, with the command line for the others. */
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

/** Path from one folder to another, with forward slashes. */
function between(from: string, to: string): string {
  return relative(from, to).replaceAll("\\", "/");
}

function terminalText(
  suite: SuiteReport,
  folder: string,
  { noColor }: SuiteSettings,
  context: AppContext,
): string {
  const colour = wantsColour({ isTTY: context.stdoutIsTTY ?? false, noColor, env: context.env });
  return `\n${renderSuiteTerminal(suite, {
    colour,
    directory: shownPath(folder, context),
    shownFolder: ({ folder: own }: SuiteRun) => (own === null ? "" : shownPath(join(folder, own), context)),
  })}`;
}

/** The account of a suite in which nothing was to be run. */
export function emptySuite(): EndedSuite {
  const input = { version: toolVersion(), startedAt: new Date(), durationMs: 0, interrupted: false };
  return { suite: buildSuite({ ...input, entries: [] }), reports: [], folder: "", runFolders: [] };
}

/** What `--json` prints for a suite: suite.json, with the whole report of each run. */
export function suiteAsJson({ suite, reports }: EndedSuite): Readonly<Record<string, unknown>> {
  return { ...suite, reports };
}
