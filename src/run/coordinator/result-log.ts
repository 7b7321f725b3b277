// run.jsonl: appended line by line during the run, so that neither a crash nor a full disk loses what was measured.
import type { writeSync } from "node:fs";
import type { RunLogRecord } from "../../model/log/run-log.js";
import { visibleJson } from "../../support/json.js";
import { type LineFile, openLineFile } from "../../support/log/line-file.js";

export interface ResultLog extends Pick<LineFile, "close" | "unwritten" | "fault"> {
  /** Never throws: what cannot be written is kept in memory, and retried with the next record. */
  append(record: RunLogRecord): void;
}

/** Free space required before a run starts. */
const LEAST_BYTES = 65_536;
/** Characters kept in memory; anything beyond is dropped, except the last record. */
const MAX_KEPT = 128 * 1_048_576;

/** Opens the file for appending; throws file system errors, including lack of space. Lines are written at once. */
export function openResultLog(path: string, write?: typeof writeSync): ResultLog {
  const file = openLineFile(path, {
    mostKept: MAX_KEPT,
    leastBytes: LEAST_BYTES,
    ...(write ? { write } : {}),
  });
  return {
    append: (record) => file.append(`${visibleJson(record)}\n`, record.type === "footer"),
    close: () => file.close(),
    get unwritten() {
      return file.unwritten;
    },
    get fault() {
      return file.fault;
    },
  };
}
