// The log file: JSON lines by pino, up to a maximum size.
import { closeSync, openSync, writeSync } from "node:fs";
import pino from "pino";
import { messageOf } from "../errors.js";
import { escapeInvisible } from "../json.js";
import type { LogFields, LogLevel, LogLine } from "./log-lines.js";

const MAX_BYTES = 100 * 1024 * 1024;

export interface LogFile {
  /** @param more additional fields */
  write(line: LogLine, more?: LogFields): void;
  close(): void;
}

export interface LogFileOptions {
  readonly level: LogLevel;
  /** Fields of every line. */
  readonly common: LogFields;
  /** Called once if the file cannot be written any more; the run goes on without it. */
  readonly onFailure: (why: string) => void;
  readonly mostBytes?: number;
}

/** Opens the file for appending; throws file system errors. Lines are written at once, so that none is lost. */
export function openLogFile(path: string, options: LogFileOptions): LogFile {
  const { level, common, onFailure, mostBytes = MAX_BYTES } = options;
  const file = openSync(path, "a");
  let bytes = 0;
  let leftOut = 0;
  let open = true;
  const append = (text: string): void => {
    if (!open) return;
    try {
      bytes += writeSync(file, escapeInvisible(text));
    } catch (error) {
      open = false;
      closeSync(file);
      onFailure(messageOf(error));
    }
  };
  const logger = pino(
    { level, base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    { write: append },
  );
  return {
    write({ level: own, event, timeMs, fields }, more) {
      if (bytes < mostBytes) logger[own]({ time: timeMs, ...common, ...more, ...fields }, event);
      else leftOut++;
    },
    close() {
      if (leftOut > 0) logger.error({ ...common, count: leftOut }, "the log is full: lines left out");
      if (open) closeSync(file);
      open = false;
    },
  };
}
