// One run in the history of a folder: a line of index.jsonl.
import { z } from "zod";
import type { Frozen } from "../log/frozen.js";
import { number, positive, text, texts } from "../values.js";
import { VERDICTS } from "../verdict.js";

export const HISTORY_VERSION = 2;

const value = positive.nullable();

/** Percentiles of the hold, milliseconds; `null` if unknown or censored. */
const metric = z.object({ n: positive, p50: value, p95: value, p99: value });

export const historyEntrySchema = z.object({
  v: z.literal(HISTORY_VERSION),
  /** Name of the run's folder, next to the index. */
  folder: text,
  runId: text,
  scenario: text,
  tags: texts,
  target: text,
  /** The load of the hold in words; runs with different loads are not compared. */
  load: text,
  seed: number,
  /** ISO 8601. */
  startedAt: text,
  durationMs: positive,
  verdict: z.enum(VERDICTS),
  /** One sentence: why the verdict is what it is. */
  summary: text,
  users: positive,
  turns: positive,
  /** Share of the hold's turns that met every limit, 0..1; `null` without turns. */
  goodput: number.min(0).max(1).nullable(),
  metrics: z.record(text, metric),
});
export type HistoryEntry = Frozen<z.infer<typeof historyEntrySchema>>;
