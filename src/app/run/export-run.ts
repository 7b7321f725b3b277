// One file of a run in the chosen format: rendered from its log, or copied if the run itself wrote it line by line.
import { createReadStream, existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ReportDetails } from "../../model/report/details.js";
import type { RunReport } from "../../model/report/report.js";
import { reportDetails } from "../../report/build/details.js";
import { damagedFigures, readRunLog } from "../../report/build/read-log.js";
import { buildReport } from "../../report/build/report.js";
import { llmTable } from "../../report/formats/llm-table.js";
import { REPORTERS } from "../../report/reporters.js";
import { writeWhole } from "../../report/write-whole.js";
import { codeOf, messageOf, UserError } from "../../support/errors.js";
import type { AppContext } from "../context.js";
import { TURN_FILE } from "./turn-file.js";

const FORMATS = {
  csv: REPORTERS["metrics.csv"],
  json: REPORTERS["report.json"],
  html: REPORTERS["report.html"],
  junit: REPORTERS["junit.xml"],
  summary: REPORTERS["summary.md"],
  svg: REPORTERS["summary.svg"],
  hlog: REPORTERS["histograms.hlog"],
  llm: (report) => `${llmTable(report).join("\n")}\n`,
} as const satisfies Record<string, (report: RunReport, details: ReportDetails) => string>;

/** Written line by line during the run; cannot be rendered from the log. */
const LINES = "jsonl";

export interface ExportRequest {
  /** Folder of the run; `undefined` for the latest. */
  readonly given: string | undefined;
  readonly format: string;
  /** A file instead of stdout. */
  readonly out: string | undefined;
}

export async function exportRun({ given, format, out }: ExportRequest, context: AppContext): Promise<void> {
  const named = given ?? join("reports", "latest");
  const folder = resolve(context.cwd, named);
  const to = out === undefined ? undefined : resolve(context.cwd, out);
  if (!existsSync(join(folder, "run.jsonl")))
    throw new UserError(`no run.jsonl in ${named}`, "pass the folder of a run, such as reports/latest");
  try {
    if (format === LINES) await exportLines(folder, named, to, context);
    else await exportRendered(folder, format, to, context);
  } catch (error) {
    if (to === undefined || codeOf(error) === undefined)
      throw damagedFigures(join(named, "run.jsonl"), error);
    throw new UserError(`--out ${out}: cannot be written: ${messageOf(error)}`, "choose another file");
  }
}

async function exportRendered(
  folder: string,
  format: string,
  to: string | undefined,
  { stdout }: AppContext,
): Promise<void> {
  if (!Object.hasOwn(FORMATS, format)) {
    const known = [...Object.keys(FORMATS), LINES].join(", ");
    throw new UserError(`--format ${format} is not a format`, `available: ${known}`);
  }
  const { fold, header } = await readRunLog(join(folder, "run.jsonl"));
  const text = FORMATS[format as keyof typeof FORMATS](buildReport(fold, header), reportDetails(fold));
  if (to === undefined) stdout(text);
  else await writeWhole(to, text);
}

async function exportLines(
  folder: string,
  named: string,
  to: string | undefined,
  { stdout }: AppContext,
): Promise<void> {
  const from = join(folder, TURN_FILE);
  if (!existsSync(from))
    throw new UserError(`no ${TURN_FILE} in ${named}`, "run it with --turns all, or without --turns none");
  if (to !== undefined) {
    await copyFile(from, to);
    return;
  }
  for await (const part of createReadStream(from, "utf8")) stdout(String(part));
}
