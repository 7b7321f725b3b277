// Keeps the history of a reports folder: index.jsonl with one line per run, and index.html.
//
// Runs of several processes may end at once. A line is appended in one write, so lines never mix. The page
// is rendered from all lines and renamed into place, and rendered again if lines were added meanwhile.
// The folders decide: a run whose folder is gone disappears, one whose line is missing is read from its report.

import { appendFileSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ReportLinks } from "../../model/report/details.js";
import type { HistoryEntry } from "../../model/report/history.js";
import type { RunReport } from "../../model/report/report.js";
import { tried } from "../../support/errors.js";
import { makeFolder } from "../../support/folder.js";
import { visibleJson } from "../../support/json.js";
import { writeWhole } from "../write-whole.js";
import { entryOfLine, entryOfReport } from "./entry.js";
import { renderHistoryHtml } from "./html.js";

const INDEX = "index.jsonl";
const PAGE = "index.html";
const REPORT = "report.json";
/** Newest runs that a page shows. */
const MAX_RUNS = 2000;
/** A larger report.json is not one of ours. */
const MAX_REPORT_BYTES = 256 * 1_048_576;
/** Most repetitions because other runs ended meanwhile; the last run renders the final page. */
const MAX_DRAWINGS = 20;

/** Adds the run in `reports/<folder>` and renders the page again. Throws file system errors. */
export async function addToHistory(reports: string, folder: string, version: string): Promise<void> {
  const entry = readReport(reports, folder);
  if (entry) append(reports, [entry]);
  await drawHistory(reports, version);
}

/** Reads every report again and renders the page; returns the number of runs. */
export function rebuildHistory(reports: string, version: string): Promise<number> {
  rmSync(join(reports, INDEX), { force: true });
  return drawHistory(reports, version);
}

/** Renders the page of all runs in the folder; returns their number. */
async function drawHistory(reports: string, version: string): Promise<number> {
  for (let drawing = 1; ; drawing++) {
    const known = byteSize(join(reports, INDEX));
    const entries = readIndex(reports);
    const shown = entries.slice(0, MAX_RUNS);
    await writeWhole(join(reports, PAGE), renderHistoryHtml({ runs: shown, all: entries.length, version }));
    if (byteSize(join(reports, INDEX)) === known || drawing === MAX_DRAWINGS) return entries.length;
  }
}

/**
 * The pages a report can link to: those that exist, or will once its run is added.
 * @param folder of the run
 * @param coming pages that are written after the report
 */
export function linksOf(
  folder: string,
  report: RunReport,
  coming: { readonly suite?: boolean; readonly history?: boolean } = {},
): ReportLinks {
  const reports = dirname(folder);
  const suite = coming.suite === true || byteSize(join(reports, "suite.json")) > 0;
  const above = suite ? dirname(reports) : reports;
  const history = (coming.history === true && !suite) || byteSize(join(above, INDEX)) > 0;
  const before = runBefore(reports, basename(folder), report);
  return {
    ...(suite ? { suite: `../${PAGE}` } : {}),
    ...(history ? { history: `${suite ? "../../" : "../"}${PAGE}` } : {}),
    ...(before === undefined ? {} : { before: `../${encodeURIComponent(before)}/report.html` }),
  };
}

/** Folder of the newest earlier run with the same scenario, target and load. */
function runBefore(reports: string, folder: string, report: RunReport): string | undefined {
  const own = entryOfReport(folder, report);
  if (!own) return undefined;
  const earlier = linesOf(reports).filter(
    (one) =>
      one.folder !== folder &&
      one.startedAt < own.startedAt &&
      one.scenario === own.scenario &&
      one.target === own.target &&
      one.load === own.load &&
      byteSize(join(reports, one.folder, "report.html")) > 0,
  );
  return earlier.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0]?.folder;
}

function linesOf(reports: string): readonly HistoryEntry[] {
  return readIfThere(join(reports, INDEX))
    .split("\n")
    .flatMap((line) => (line === "" ? [] : (entryOfLine(line) ?? [])));
}

/** Newest first. Adds lines for runs without one. */
function readIndex(reports: string): readonly HistoryEntry[] {
  const entries = new Map<string, HistoryEntry>();
  for (const entry of linesOf(reports)) entries.set(entry.folder, entry);
  const there = new Set(foldersIn(reports));
  for (const folder of entries.keys()) if (!there.has(folder)) entries.delete(folder);
  const missing = [...there].flatMap((folder) =>
    entries.has(folder) ? [] : (readReport(reports, folder) ?? []),
  );
  append(reports, missing);
  for (const entry of missing) entries.set(entry.folder, entry);
  return [...entries.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** Folders of runs, without links such as `latest`. */
function foldersIn(reports: string): readonly string[] {
  const found = tried(() => readdirSync(reports, { withFileTypes: true })) ?? [];
  return found
    .filter((one) => one.isDirectory() && byteSize(join(reports, one.name, REPORT)) > 0)
    .map(({ name }) => name);
}

function readReport(reports: string, folder: string): HistoryEntry | undefined {
  const path = join(reports, folder, REPORT);
  if (byteSize(path) > MAX_REPORT_BYTES) return undefined;
  return tried(() => entryOfReport(folder, JSON.parse(readFileSync(path, "utf8"))));
}

function append(reports: string, entries: readonly HistoryEntry[]): void {
  if (entries.length === 0) return;
  makeFolder(reports);
  // A line cut off by a crash must not swallow the next.
  const text = readIfThere(join(reports, INDEX));
  const begin = text === "" || text.endsWith("\n") ? "" : "\n";
  appendFileSync(join(reports, INDEX), begin + entries.map((entry) => `${visibleJson(entry)}\n`).join(""));
}

function readIfThere(path: string): string {
  return tried(() => readFileSync(path, "utf8")) ?? "";
}

/** Bytes; -1 without such a file. */
function byteSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}
