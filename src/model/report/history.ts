// One run as the history of a folder keeps it: a line of index.jsonl.

export const HISTORY_VERSION = 2;

/** Percentiles of the hold, milliseconds; `null` where there is none or the rank is of a turn that never ended. */
export interface HistoryMetric {
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface HistoryEntry {
  readonly v: typeof HISTORY_VERSION;
  /** Name of the run's folder, next to the index. */
  readonly folder: string;
  readonly runId: string;
  readonly scenario: string;
  readonly tags: readonly string[];
  readonly target: string;
  /** The load of the hold in a few words, as its phases name it; runs of different loads are not compared. */
  readonly load: string;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly verdict: "PASS" | "FAIL" | "INVALID";
  /** One sentence: why the verdict is what it is. */
  readonly summary: string;
  readonly users: number;
  readonly turns: number;
  /** Share of the hold's turns that met every limit, 0..1; `null` where none was intended. */
  readonly goodput: number | null;
  readonly metrics: Readonly<Record<string, HistoryMetric>>;
}
