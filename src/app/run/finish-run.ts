// From the log of a run that has ended to its reports: files in its folder, and the result on stdout.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { RunReport } from "../../model/report/report.js";
import { wantsColour } from "../../progress/choose.js";
import { reportDetails } from "../../report/build/details.js";
import { readRunLog } from "../../report/build/read-log.js";
import { buildReport } from "../../report/build/report.js";
import { runAnnotations } from "../../report/formats/annotations.js";
import { renderTerminal } from "../../report/formats/terminal.js";
import { addToHistory, linksOf } from "../../report/history/folder.js";
import { writeReports } from "../../report/write.js";
import type { ResultLog } from "../../run/coordinator/result-log.js";
import { codeOf, EXIT, messageOf, ROOM_HINT, worstExit } from "../../support/errors.js";
import { type AppContext, tell } from "../context.js";
import { shownPath } from "../report-folder.js";
import { toolVersion } from "../version.js";
import { writeCopies } from "./copies.js";
import type { DrivenRun } from "./drive-run.js";
import type { RunSettings } from "./launch.js";
import { logVerdict } from "./run-log.js";

/** A run that has ended, and where its reports are. */
export interface EndedRun {
  readonly report: RunReport;
  /** Absolute. */
  readonly folder: string;
  /** `endWhen` ended it, not a person. */
  readonly endedEarly: boolean;
}

/** Reports, the CI's annotations, and the history of its folder. */
export async function finishRun(
  { folder, endedEarly, log: written, turns }: DrivenRun,
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
    { unwritten: written.unwritten, fault: written.fault ?? turns?.fault },
  );
  await logVerdict(log, folder, report, (text) =>
    context.stderr(`${text}
`),
  );
  if (single && copies) await writeCopies(copies, folder, context);
  context.annotate?.(runAnnotations(report, locate));
  if (history) await remember(folder, context);
  return { report, folder, endedEarly };
}

/** An extra: a page that cannot be written is no reason to lose a run. */
async function remember(folder: string, { stderr }: AppContext): Promise<void> {
  await addToHistory(dirname(folder), basename(folder), toolVersion()).catch((error) => {
    stderr(`warning: the history of ${dirname(folder)} was not drawn: ${messageOf(error)}\n`);
  });
}

export interface RenderOptions {
  /** stdout is kept for JSON. */
  readonly json: boolean;
  readonly noColor: boolean;
  /** The folder as people are told of it. */
  readonly shownFolder: string;
  /** Leave `reports/latest` where it points. */
  readonly keepLatest: boolean;
  /** Append to the CI's step summary, where there is one. */
  readonly stepSummary: boolean;
  /** Of a run that passed say only that, on stdout. */
  readonly brief: boolean;
  /** Pages beside the folder that are written after its report. */
  readonly coming?: Parameters<typeof linksOf>[2];
  /** With the table of benchmarks of language models. */
  readonly llm?: boolean | undefined;
}

/**
 * Everything is read from `run.jsonl`, so that rendering later gives the same. A disk that takes nothing more costs no
 * result: it is judged with what is kept in memory, and shown; the exit code then says that it was not written.
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
    const colour = wantsColour({
      isTTY: context.stdoutIsTTY ?? false,
      noColor: options.noColor,
      env: context.env,
    });
    const where = existsSync(join(folder, "report.html")) ? { directory: options.shownFolder } : {};
    const shown = { colour, ...where, brief: options.brief, llm: options.llm === true };
    tell(renderTerminal(report, { ...shown, columns: context.stdoutColumns }), context);
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
