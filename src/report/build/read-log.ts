// Reads run.jsonl back, line by line; ignores a torn last line (a crash while writing).

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { RunFold } from "../../metrics/run-fold.js";
import { logRecord, RUN_LOG_VERSION, type RunHeader, type RunLogRecord } from "../../model/log/run-log.js";
import type { SlaRule } from "../../model/verdict.js";
import { UserError } from "../../support/errors.js";
import { jsonOrNothing } from "../../support/json.js";

/**
 * Rejects a log without its header, which makes no sense.
 * @param onRecord called with every record as it is read, for data that the fold does not keep
 * @param unwritten lines after those of the file, which could not be written to disk
 */
export async function readRunLog(
  path: string,
  otherRules?: readonly SlaRule[],
  onRecord?: (record: RunLogRecord) => void,
  unwritten: readonly string[] = [],
): Promise<{ readonly fold: RunFold; readonly header: RunHeader }> {
  const lines = createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let fold: RunFold | undefined;
  let number = 0;
  let torn: number | undefined;
  const read = (line: string): void => {
    number++;
    if (torn !== undefined) throw damaged(path, torn);
    const value = jsonOrNothing(line);
    if (value === undefined) {
      torn = number;
      return;
    }
    const record = readRecord(value, path, number);
    if (record.type === "header") fold ??= new RunFold(otherRules ?? record.rules);
    try {
      fold?.add(record);
    } catch (error) {
      // A valid record, but not of this run: for example, with counts for other limits than the header's.
      if (otherRules) throw error;
      throw damaged(path, number);
    }
    onRecord?.(record);
  };
  for await (const line of lines) read(line);
  for (const line of unwritten) read(line);
  if (!fold?.header)
    throw new UserError(
      `${path}: empty, or not a run log of gp-load`,
      "pass the folder of a run, such as reports/latest",
    );
  return { fold, header: fold.header };
}

/** For a log with impossible figures, which throws while it is judged: an error for people. Returns other errors as they are. */
export function damagedFigures(path: string, error: unknown): unknown {
  if (!(error instanceof TypeError || error instanceof RangeError)) return error;
  const hint = "if it is as gp-load wrote it, please report this as a bug";
  return new UserError(`${path}: damaged, and cannot be reported: ${error.message}`, hint);
}

function damaged(path: string, line: number): UserError {
  return new UserError(`${path}:${line}: not a line of a run log`, "the file is damaged before its end");
}

const firstLine = z.looseObject({ type: z.literal("header"), version: z.unknown() });

function readRecord(value: unknown, path: string, line: number): RunLogRecord {
  if (line === 1) {
    const first = firstLine.safeParse(value);
    if (!first.success)
      throw new UserError(`${path}: not a run log of gp-load`, "its first line should be a header");
    const { version } = first.data;
    if (version !== RUN_LOG_VERSION)
      throw new UserError(
        `${path}: written in format ${String(version)}`,
        `this version reads format ${RUN_LOG_VERSION}`,
      );
  }
  const record = logRecord.safeParse(value);
  if (record.success) return record.data;
  const [issue] = record.error.issues;
  throw new UserError(
    `${path}:${line}: not a record of a run log: ${[issue?.path.join("."), issue?.message].filter(Boolean).join(": ")}`,
    "was it changed after the run?",
  );
}
