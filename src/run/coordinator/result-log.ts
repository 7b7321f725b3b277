// run.jsonl: appended line by line as the run goes, so that a crash loses nothing that was known.
import { closeSync, openSync, writeSync } from "node:fs";
import type { RunLogRecord } from "../../model/log/run-log.js";
import { visibleJson } from "../../support/visible-json.js";

export interface ResultLog {
  append(record: RunLogRecord): void;
  close(): void;
}

/** Opens the file for appending; throws what the file system throws. Lines are written at once. */
export function openResultLog(path: string): ResultLog {
  const file = openSync(path, "a");
  let open = true;
  return {
    append(record) {
      if (open) writeSync(file, `${visibleJson(record)}\n`);
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}
