// From the log of an ended run to its reports: files in its folder, and the result on stdout.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { RunReport } from "../../model/report/report.js";
import { reportDetails } from "../../report/build/details.js";
import { readRunLog } from "../../report/build/read-log.js";
import { buildReport } from "../../report/build/report.js";
import { runAnnotations } from "../../report/formats/annotations.js";
import { renderTerminal } from "../../report/formats/terminal.js";
import { addToHistory, linksOf } from "../../report/history/folder.js";
import { writeReports } from "../../report/write.js";
import type { ResultLog } from "../../run/coordinator/result-log.js";
import { codeOf, EXIT, messageOf, ROOM_HINT, worstExit } from "../../support/errors.js";
import type { AppContext } from "../context.js";
import { shownPath } from "../report-folder.js";
import { tell, wantsColourOn } from "../stdout.js";
import { toolVersion } from "../version.js";
import { writeCopies } from "./copies.js";
import { logVerdict } from "./diagnostic-log.js";
import type { DrivenRun } from "./drive-run.js";
import type { RunSettings } from "./launch.js";

export interface EndedRun {
  readonly report: RunReport;
  /** Absolute. */
  readonly folder: string;
  /** `endWhen` ended it, not a person. */
  readonly endedEarly: boolean;
}

/** Writes reports, CI annotations, and the history of the reports folder. */
export async function finishRun(
  { folder, endedEarly, resultLog, turns }: DrivenRun,
  { json, noColor, place, history, copies, locate, log, llm }: RunSettings,
  context: AppContext,
): Promise<EndedRun> {
  const single = place === undefined;
  const shownFolder = shownPath(folder, context);
  const report = await renderRun(
    folder,
    {
      json,
      noColor,
      shownFolder,
      keepLatest: false,
      stepSummary: single,
      brief: !single,
      llm,
      coming: { suite: !single, history: history === true },
    },
    context,
    { unwritten: resultLog.unwritten, fault: resultLog.fault ?? turns?.fault },
  );
  await logVerdict(log, folder, report, (text) => context.stderr(`${text}\n`));
  if (single && copies) await writeCopies(copies, folder, context);
  context.annotate?.(runAnnotations(report, locate));
  if (history) await remember(folder, context);
  return { report, folder, endedEarly };
}

/** A page that cannot be written is only a warning. */
async function remember(folder: string, { stderr }: AppContext): Promise<void> {
  await addToHistory(dirname(folder), basename(folder), toolVersion()).catch((error) => {
    stderr(`warning: the history of ${dirname(folder)} was not drawn: ${messageOf(error)}\n`);
  });
}

export interface RenderOptions {
  /** Print nothing but JSON on stdout. */
  readonly json: boolean;
  readonly noColor: boolean;
  /** The folder as shown to people. */
  readonly shownFolder: string;
  /** Leave `reports/latest` alone. */
  readonly keepLatest: boolean;
  /** Append to the CI's step summary, if there is one. */
  readonly stepSummary: boolean;
  /** Print only that a run passed, if it did. */
  readonly brief: boolean;
  /** Pages next to the folder that will be written after its report. */
  readonly coming?: Parameters<typeof linksOf>[2];
  /** With the table of LLM benchmarks. */
  readonly llm?: boolean | undefined;
}

/**
 * Reads everything from `run.jsonl`, so that rendering again later gives the same. A full disk does not cost the result:
 * it is judged from what is still in memory, and shown, with an exit code that says it was not written.
 */
export async function renderRun(
  folder: string,
  options: RenderOptions,
  context: AppContext,
  log: Pick<ResultLog, "unwritten" | "fault"> = WRITTEN,
): Promise<RunReport> {
  const { fold, header } = await readRunLog(join(folder, "run.jsonl"), undefined, undefined, log.unwritten);
  const judged = buildReport(fold, header);
  let { fault } = log;
  let report = fault === undefined ? judged : unwritten(judged);
  const stepSummaryPath = options.stepSummary ? context.env.GITHUB_STEP_SUMMARY : undefined;
  const files = { stepSummaryPath, keepLatest: options.keepLatest };
  const details = { ...reportDetails(fold), links: linksOf(folder, report, options.coming) };
  await writeReports(folder, report, details, files).catch((error: unknown) => {
    if (codeOf(error) === undefined) throw error;
    fault ??= error;
    report = unwritten(judged);
  });
  if (!options.json) {
    const colour = wantsColourOn(context, options.noColor);
    const where = existsSync(join(folder, "report.html")) ? { directory: options.shownFolder } : {};
    const shown = { colour, ...where, brief: options.brief, llm: options.llm === true };
    tell(renderTerminal(report, { ...shown, columns: context.stdoutColumns?.() }), context);
  }
  if (fault !== undefined)
    context.stderr(
      `error: not all results of ${header.scenario.name} could be written: ${messageOf(fault)}\n  ${ROOM_HINT}\n`,
    );
  return report;
}

const WRITTEN: Pick<ResultLog, "unwritten" | "fault"> = { unwritten: [], fault: undefined };

function unwritten(report: RunReport): RunReport {
  return { ...report, exitCode: worstExit([report.exitCode, EXIT.unwritten]) };
}
