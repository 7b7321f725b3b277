// run.jsonl: appended line by line as the run goes, so that a crash loses nothing that was known, nor does a full disk.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { RunLogRecord } from "../../model/log/run-log.js";
import { visibleJson } from "../../support/visible-json.js";

export interface ResultLog {
  /** Never throws: what the disk does not take is kept in memory, and tried again with the next record. */
  append(record: RunLogRecord): void;
  close(): void;
  /** Lines that are not in the file, in their order: empty as long as the disk takes them. */
  readonly unwritten: readonly string[];
  /** Why they are not; `undefined` where all of them are. */
  readonly fault: unknown;
}

/** Takes half a line away; a file that cannot be cut, such as a device, keeps it, and its reader refuses it. */
function cutTo(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // The fault that led here is the one to be told.
  }
}

/** Room that must be there before a run begins. */
const LEAST_BYTES = 65_536;
/** Characters that are kept in memory; what comes beyond them is dropped, but for the last record. */
const MOST_KEPT = 128 * 1_048_576;

/** Opens the file for appending; throws what the file system throws, also where it has no room. Lines are written at once. */
export function openResultLog(path: string, write: typeof writeSync = writeSync): ResultLog {
  const file = openSync(path, "a");
  const pending: string[] = [];
  let kept = 0;
  let fault: unknown;
  let open = true;
  /** Bytes of whole lines. */
  let size = fstatSync(file).size;
  /** A line is in the file whole or not at all: a disk that fills up takes a part of it first. */
  const put = (text: string): void => {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += write(file, bytes, at);
      size += bytes.length;
    } catch (error) {
      cutTo(file, size);
      throw error;
    }
  };
  const flush = (): void => {
    while (pending[0] !== undefined) {
      put(pending[0]);
      kept -= pending.shift()?.length ?? 0;
    }
  };
  const tried = (action: () => void): void => {
    try {
      action();
      fault = undefined;
    } catch (error) {
      fault = error;
    }
  };
  try {
    put(" ".repeat(LEAST_BYTES));
    size -= LEAST_BYTES;
    ftruncateSync(file, size);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    append(record) {
      if (!open) return;
      const line = `${visibleJson(record)}\n`;
      if (kept > MOST_KEPT && record.type !== "footer") return;
      pending.push(line);
      kept += line.length;
      tried(flush);
    },
    close() {
      if (!open) return;
      open = false;
      tried(flush);
      closeSync(file);
    },
    get unwritten() {
      return pending;
    },
    get fault() {
      return fault;
    },
  };
}
