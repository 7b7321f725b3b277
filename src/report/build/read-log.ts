// Reads run.jsonl back, line by line; a torn last line (a crash in mid-write) is passed over.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { RunFold } from "../../metrics/run-fold.js";
import { RUN_LOG_VERSION, type RunHeader, type RunLogRecord } from "../../model/log/run-log.js";
import { canonicalMetric, SERVICE_SUFFIX } from "../../model/metric.js";
import type { SlaRule } from "../../model/verdict.js";
import { UserError } from "../../support/errors.js";

/**
 * The log of a run without its header makes no sense and is refused.
 * @param onRecord told every record as it is read, for what the fold does not keep
 */
export async function readRunLog(
  path: string,
  otherRules?: readonly SlaRule[],
  onRecord?: (record: RunLogRecord) => void,
): Promise<{ readonly fold: RunFold; readonly header: RunHeader }> {
  const lines = createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let fold: RunFold | undefined;
  let number = 0;
  let torn: number | undefined;
  for await (const line of lines) {
    number++;
    if (torn !== undefined)
      throw new UserError(`${path}:${torn}: not a line of a run log`, "the file is damaged before its end");
    const record = parseLine(line);
    if (!record) {
      torn = number;
      continue;
    }
    if (!fold) {
      const header = readHeader(record, path);
      fold = new RunFold(otherRules ?? header.rules);
    }
    fold.add(record);
    onRecord?.(record);
  }
  if (!fold?.header)
    throw new UserError(
      `${path}: empty, or not a run log of gp-load`,
      "give the folder of a run under reports/",
    );
  return { fold, header: fold.header };
}

function parseLine(line: string): RunLogRecord | undefined {
  try {
    return withPresentNames(JSON.parse(line) as RunLogRecord);
  } catch {
    return undefined;
  }
}

/** Logs of former versions have former names of metrics. */
function withPresentNames(record: RunLogRecord): RunLogRecord {
  if (record.type === "header")
    return { ...record, rules: record.rules.map((rule) => ({ ...rule, metric: presentName(rule) })) };
  if (record.type !== "second" || !Object.values(record.metrics).some(hasFormer)) return record;
  const metrics = Object.entries(record.metrics).map(([phase, states]) => [
    phase,
    Object.fromEntries(
      Object.entries(states).map(([metric, state]) => [
        metric.replace(FORMER, canonicalMetric(FORMER)),
        state,
      ]),
    ),
  ]);
  return { ...record, metrics: Object.fromEntries(metrics) };
}

const FORMER = "answer.first";

function hasFormer(metrics: object): boolean {
  return FORMER in metrics || `${FORMER}${SERVICE_SUFFIX}` in metrics;
}

function presentName({ metric, unit }: SlaRule): string {
  return metric === "goodput" && unit === "ratio" ? "goodput.share" : canonicalMetric(metric);
}

function readHeader(record: RunLogRecord, path: string): RunHeader {
  if (record.type !== "header")
    throw new UserError(`${path}: not a run log of gp-load`, "its first line should be a header");
  if (record.version !== RUN_LOG_VERSION) {
    throw new UserError(
      `${path}: written in format ${String(record.version)}`,
      `this version reads format ${RUN_LOG_VERSION}`,
    );
  }
  return record;
}
