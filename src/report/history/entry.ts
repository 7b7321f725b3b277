// From a run's report to its line in the history, and back from a line that may be damaged.
import { z } from "zod";
import { isJudged } from "../../model/log/phase.js";
import { HISTORY_VERSION, type HistoryEntry, historyEntrySchema } from "../../model/report/history.js";
import { number, numberOrNull, positive, text, texts } from "../../model/values.js";
import { VERDICTS } from "../../model/verdict.js";
import { tried } from "../../support/errors.js";
import { shorten } from "../../support/text.js";
import { plural } from "../text/wording.js";

const LONGEST = 300;
const MAX_TAGS = 20;
/** What file systems allow. */
const LONGEST_NAME = 255;

const value = positive.nullable();
const entry = historyEntrySchema.extend({ folder: text.refine(isFolderName) });

/** Only what the history needs of a report: old or foreign ones may lack the rest. */
const reportPart = z.object({
  runId: text,
  scenario: z.object({ name: text, tags: texts }),
  target: z.object({ name: text }),
  seed: number,
  startedAt: text,
  durationMs: positive,
  verdict: z.enum(VERDICTS),
  summary: text,
  ledger: z.object({ attempted: positive }),
  phases: z.array(z.object({ key: text, label: text.optional() })).default([]),
  metrics: z.record(text, z.object({ count: number, censored: number, p50: value, p95: value, p99: value })),
  timeline: z.array(
    z.object({
      phase: text,
      usersStarted: number,
      intended: numberOrNull,
      good: numberOrNull,
    }),
  ),
});

/** @param folder name of the run's folder */
function historyEntry(folder: string, report: z.infer<typeof reportPart>): HistoryEntry {
  const held = report.timeline.filter(({ phase }) => isJudged(phase));
  const intended = held.reduce((sum, point) => sum + (point.intended ?? 0), 0);
  const users = report.timeline.reduce((most, point) => Math.max(most, point.usersStarted), 0);
  const good = held.reduce((sum, point) => sum + (point.good ?? 0), 0);
  return {
    v: HISTORY_VERSION,
    folder,
    runId: report.runId,
    scenario: cut(report.scenario.name),
    tags: report.scenario.tags.slice(0, MAX_TAGS).map(cut),
    target: cut(report.target.name),
    load: cut(loadText(report.phases, users)),
    seed: report.seed,
    startedAt: report.startedAt,
    durationMs: report.durationMs,
    verdict: report.verdict,
    summary: cut(report.summary),
    users,
    turns: report.ledger.attempted,
    goodput: intended === 0 ? null : Math.min(1, Math.round((good / intended) * 1e5) / 1e5),
    metrics: Object.fromEntries(
      Object.entries(report.metrics)
        .filter(([metric]) => !metric.startsWith("generator."))
        .map(([metric, { count, censored, p50, p95, p99 }]) => [
          metric,
          { n: count + censored, p50, p95, p99 },
        ]),
    ),
  };
}

/** `20 users`, or every step of a load with several. */
function loadText(phases: z.infer<typeof reportPart>["phases"], users: number): string {
  const labels = phases.filter(({ key }) => isJudged(key)).flatMap(({ label }) => label ?? []);
  return labels.length > 0 ? labels.join(", ") : plural(users, "user");
}

/** A folder next to the page, with a name that works in a URL; folders may be renamed and copied. */
function isFolderName(name: string): boolean {
  return !/^\.{0,2}$|[/\\\0]|\p{Surrogate}/u.test(name) && name.length <= LONGEST_NAME;
}

/**
 * The entry for the content of a report.json; `undefined` for anything else, and for entries that could not be read back
 * from their line: these would be added again with each drawing.
 */
export function entryOfReport(folder: string, data: unknown): HistoryEntry | undefined {
  const report = reportPart.safeParse(data);
  if (!report.success) return undefined;
  const parsed = entry.safeParse(historyEntry(folder, report.data));
  return parsed.success ? parsed.data : undefined;
}

/** The entry of a line; `undefined` if it is cut off, damaged or of another version. */
export function entryOfLine(line: string): HistoryEntry | undefined {
  return tried(() => entry.parse(JSON.parse(line)));
}

const cut = (text: string): string => shorten(text, LONGEST);
