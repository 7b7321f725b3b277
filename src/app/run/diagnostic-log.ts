// The log that `--log-level`, `--log-file` and `--verbose` ask for: what happened in a run, for troubleshooting.
import { join } from "node:path";
import { REQUEST_FAILED } from "../../model/log/failed-request.js";
import type { RunLogRecord } from "../../model/log/run-log.js";
import type { RunReport } from "../../model/report/report.js";
import { failedRequestLine } from "../../report/text/wording.js";
import { wallNowUs } from "../../support/clock.js";
import { messageOf, orUserError, UserError } from "../../support/errors.js";
import type { LogFile } from "../../support/log/log-file.js";
import { LOG_LEVELS, type LogFields, type LogLevel, type LogLine } from "../../support/log/log-lines.js";
import { type AppContext, type CommandInput, textOption } from "../context.js";
import { madeRoom } from "./copies.js";

export interface LogSettings {
  readonly level: LogLevel;
  /** Absolute; default: `log.jsonl` in the folder of each run. */
  readonly file?: string;
}

const DEFAULT_LEVEL = "info";

/** Removes the file of an earlier command. Throws a `UserError` for an unknown level or a file that cannot be written. */
export async function logSettings(
  input: CommandInput,
  context: AppContext,
): Promise<LogSettings | undefined> {
  const level = textOption(input, "logLevel");
  const file = textOption(input, "logFile");
  if (level === undefined && file === undefined) return undefined;
  const known = LOG_LEVELS.find((one) => one === (level ?? DEFAULT_LEVEL));
  if (known === undefined)
    throw new UserError(`--log-level ${level} is not a level`, `available: ${LOG_LEVELS.join(", ")}`);
  return { level: known, ...(file === undefined ? {} : { file: await madeRoom("log-file", file, context) }) };
}

export interface DiagnosticLog {
  record(record: RunLogRecord): void;
  lines(worker: number, lines: readonly LogLine[]): void;
  judged(report: RunReport): void;
  close(): void;
}

/** Throws a `UserError` if the log cannot be written. */
export async function openDiagnosticLog(
  settings: LogSettings | undefined,
  folder: string,
  common: LogFields,
  warn: (text: string) => void,
): Promise<DiagnosticLog | undefined> {
  if (!settings) return undefined;
  const { level, file = join(folder, "log.jsonl") } = settings;
  // Loads pino, which nothing else needs.
  const { openLogFile } = await import("../../support/log/log-file.js");
  const onFailure = (why: string): void => warn(`warning: the log is no longer being written: ${why}`);
  const open = (): LogFile => openLogFile(file, { level, common, onFailure });
  return diagnosticLog(orUserError(open, "cannot write the log", "choose another file with --log-file"));
}

/** Adds the reasons for the verdict. A log that cannot be written is only a warning. */
export async function logVerdict(
  settings: LogSettings | undefined,
  folder: string,
  report: RunReport,
  warn: (text: string) => void,
): Promise<void> {
  const common = { run: report.runId, scenario: report.scenario.name };
  try {
    const log = await openDiagnosticLog(settings, folder, common, warn);
    log?.judged(report);
    log?.close();
  } catch (error) {
    warn(`warning: ${messageOf(error)}`);
  }
}

function diagnosticLog(file: LogFile): DiagnosticLog {
  const say = (level: LogLevel, event: string, fields: LogFields): void =>
    file.write({ level, event, timeMs: Math.round(wallNowUs() / 1000), fields });
  return {
    record(record) {
      const line = lineOf(record);
      if (line) say(...line);
    },
    lines(worker, lines) {
      for (const line of lines) file.write(line, { worker });
    },
    judged({ verdict, exitCode, summary, sla, findings, invalidReasons }) {
      for (const { code, message, advice } of invalidReasons)
        say("warn", "not valid", { code, message, advice });
      for (const { metric, rule, verdict: judged, observedText, n } of sla)
        if (judged === "fail" || judged === "no-data")
          say("warn", "threshold missed", { metric, rule, judged, observed: observedText, n });
      for (const { check, code, severity, count, message } of findings)
        if (severity === "fail") say("warn", "check not clean", { check, code, count, message });
      say("info", "verdict", { verdict, exitCode, summary });
    },
    close: () => file.close(),
  };
}

/** The log line of a record. Most have none: per-second numbers are in `run.jsonl`. */
function lineOf(record: RunLogRecord): readonly [LogLevel, string, LogFields] | undefined {
  switch (record.type) {
    case "header":
      return [
        "info",
        "run begins",
        { target: record.target.url, seed: record.seed, workers: record.workers },
      ];
    case "phase":
      return ["info", "phase", { phase: record.span.key }];
    case "note":
      return ["info", "note", { message: record.text }];
    case "fault": {
      const { edge, label, users, hits } = record;
      return ["info", edge === "begin" ? "fault begins" : "fault ends", { label, users, hits }];
    }
    case "footer":
      return ["info", "run ends", { interrupted: record.interrupted, crashed: record.crashed }];
    default:
      return undefined;
  }
}

/** Failures of one kind shown by `--verbose`; the report counts them all. */
const MAX_SHOWN = 5;
const MAX_KINDS = 50;

/** Prints the first failed requests of each kind. */
export function failureTeller(note: (text: string) => void): (lines: readonly LogLine[]) => void {
  const shown = new Map<string, number>();
  return (lines) => {
    for (const { event, fields } of lines) {
      if (event !== REQUEST_FAILED) continue;
      const kind = [fields.step, fields.status, fields.closeCode, fields.errorCode].join(" ");
      const count = (shown.get(kind) ?? 0) + 1;
      if (count > MAX_SHOWN || (count === 1 && shown.size >= MAX_KINDS)) continue;
      shown.set(kind, count);
      const rest = count === MAX_SHOWN ? " (more of these are only counted)" : "";
      note(`${failedRequestLine(fields)}${rest}`);
    }
  };
}
