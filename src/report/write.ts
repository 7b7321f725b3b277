// Writes a run's reports to its folder, each file completely or not at all.
import { lstat, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ReportDetails } from "../model/report/details.js";
import type { RunReport } from "../model/report/report.js";
import { makeFolder } from "../support/folder.js";
import { REPORTERS, type Reporter, type ReportFile } from "./reporters.js";
import { appendSummary, writeWhole } from "./write-whole.js";

export interface WriteOptions {
  /** A file to append summary.md to, such as the one `$GITHUB_STEP_SUMMARY` names. */
  readonly stepSummaryPath?: string | undefined;
  /** Do not point the `latest` link next to the folder at it. */
  readonly keepLatest?: boolean | undefined;
}

/** Where the reports went: file name → path. */
export type WrittenReports = Readonly<Record<ReportFile, string>>;

/**
 * Renders all reports into `directory` (created if necessary) and points the `latest` link next to it at it. Renders
 * everything before writing the first file, and writes every file it can. Then it throws file system errors, except for
 * extras: a step summary or a link that cannot be written is no reason to lose a run.
 */
export async function writeReports(
  directory: string,
  report: RunReport,
  details: ReportDetails,
  options: WriteOptions = {},
): Promise<WrittenReports> {
  const table = Object.entries(REPORTERS) as [ReportFile, Reporter][];
  const rendered = table.map(([name, render]) => [name, render(report, details)] as const);
  makeFolder(directory);
  const written = await Promise.allSettled(
    rendered.map(([name, text]) => writeWhole(join(directory, name), text)),
  );
  const summary = rendered.find(([name]) => name === "summary.md")?.[1] ?? "";
  await appendSummary(options.stepSummaryPath, summary);
  if (!options.keepLatest) await pointLatest(directory).catch(() => undefined);
  for (const one of written) if (one.status === "rejected") throw one.reason;
  return Object.fromEntries(table.map(([name]) => [name, join(directory, name)])) as WrittenReports;
}

/** Makes `latest` a relative link to the folder, or a text file with its name where links are not allowed. */
async function pointLatest(directory: string): Promise<void> {
  const link = join(dirname(directory), "latest");
  if (link === directory) return;
  const known = await lstat(link).catch(() => undefined);
  if (known?.isDirectory()) return;
  const partial = `${link}.${process.pid}.partial`;
  await rm(partial, { force: true });
  try {
    await symlink(basename(directory), partial, "dir");
  } catch {
    await writeFile(partial, `${basename(directory)}\n`);
  }
  await rename(partial, link);
}
