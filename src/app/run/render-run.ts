// From a run's log to its reports: files in its folder, and the result on stdout.
import { join } from "node:path";
import type { RunReport } from "../../model/report/report.js";
import { wantsColour } from "../../progress/choose.js";
import { detailsOf } from "../../report/build/details.js";
import { readRunLog } from "../../report/build/read-log.js";
import { buildReport } from "../../report/build/report.js";
import { renderTerminal } from "../../report/formats/terminal.js";
import { writeReports } from "../../report/write.js";
import type { AppContext } from "../context.js";

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
}

/** Everything is read from `run.jsonl`, so that rendering later gives the same. */
export async function renderRun(
  folder: string,
  options: RenderOptions,
  context: AppContext,
): Promise<RunReport> {
  const { fold, header } = await readRunLog(join(folder, "run.jsonl"));
  const report = buildReport(fold, header);
  const stepSummaryPath = options.stepSummary ? context.env.GITHUB_STEP_SUMMARY : undefined;
  await writeReports(folder, report, detailsOf(fold), { stepSummaryPath, keepLatest: options.keepLatest });
  if (!options.json) {
    const colour = wantsColour({
      isTTY: context.stdoutIsTTY ?? false,
      noColor: options.noColor,
      env: context.env,
    });
    context.stdout(renderTerminal(report, { colour, directory: options.shownFolder, brief: options.brief }));
  }
  return report;
}
