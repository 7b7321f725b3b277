// A trace of requests from a file, in the columns of Mooncake or BurstGPT: when each came, and how long its input was.

import { eachCsvRow } from "../parse/csv.js";
import type { Problem } from "../parse/problems.js";
import { shown } from "../schema/fields.js";
import { eachJsonLine, LineProblems } from "./json-lines.js";

export interface TraceRead {
  /** When each start is due, microseconds since the first row, at the speed of the replay; ascending. */
  readonly atUs: readonly number[];
  readonly inputTokens: readonly number[];
  /** `null` if the row has none, or no request can ask for it. */
  readonly outputTokens: readonly (number | null)[];
  readonly problems: readonly Problem[];
}

export interface TraceSpan {
  /** How many times faster than recorded. */
  readonly speed: number;
  /** Rows at or after this time are not read. */
  readonly holdUs: number;
}

/** Every worker holds all starts of a run. */
export const MAX_ROWS = 500_000;
const MAX_TOKENS = 10_000_000;

const FORMS = "`timestamp` (ms) and `input_length`, or `Timestamp` (s) and `Request tokens`";

/**
 * Reads a trace up to the end of the hold. Mooncake's JSONL has `timestamp` in milliseconds and `input_length`, also
 * accepted as CSV; BurstGPT's CSV has `Timestamp` in seconds and `Request tokens`. The length of the output
 * (`output_length`, `Response tokens`) may be missing.
 */
export function readTrace(content: string, file: string, span: TraceSpan): TraceRead {
  const problems = new LineProblems(file);
  const rows = new Rows(problems, span);
  const text = content.startsWith("\uFEFF") ? content.slice(1) : content;
  if (/^\s*\{/.test(text)) {
    eachJsonLine(text, problems, (value, line) => {
      const row = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
      return rows.take(row.timestamp, row.input_length, row.output_length, 1000, line);
    });
  } else readCsv(text, rows, problems);
  if (rows.atUs.length === 0 && problems.list.length === 0) problems.add(1, "holds no request");
  const { atUs, inputTokens, outputTokens } = rows;
  return { atUs, inputTokens, outputTokens, problems: problems.list };
}

function readCsv(text: string, rows: Rows, problems: LineProblems): void {
  let columns: Readonly<Record<"time" | "input" | "output" | "unitUs", number>> | undefined;
  const wrong = eachCsvRow(text, (cells, line) => {
    if (columns) {
      const { time, input, output, unitUs } = columns;
      const [at, asked, answered] = [cells[time], cells[input], cells[output]].map(numberIn);
      return rows.take(at, asked, answered, unitUs, line) && !problems.full;
    }
    const names = cells.map((name) => name.trim().toLowerCase());
    const [time, mooncake, burst] = ["timestamp", "input_length", "request tokens"].map((name) =>
      names.indexOf(name),
    );
    const input = Math.max(mooncake ?? -1, burst ?? -1);
    if (time === undefined || time < 0 || input < 0) {
      problems.add(line, `the first line must name the columns ${FORMS}`);
      return false;
    }
    const output = names.indexOf(mooncake === input ? "output_length" : "response tokens");
    columns = { time, input, output, unitUs: mooncake === input ? 1000 : 1_000_000 };
    return true;
  });
  if (wrong) problems.add(wrong.line, wrong.message);
}

function numberIn(cell: string | undefined): unknown {
  return cell === undefined || cell.trim() === "" ? undefined : Number(cell);
}

class Rows {
  readonly atUs: number[] = [];
  readonly inputTokens: number[] = [];
  readonly outputTokens: (number | null)[] = [];
  readonly #problems: LineProblems;
  readonly #span: TraceSpan;
  #first: number | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(problems: LineProblems, span: TraceSpan) {
    this.#problems = problems;
    this.#span = span;
  }

  /** @returns whether to go on */
  take(time: unknown, input: unknown, output: unknown, unitUs: number, line: number): boolean {
    if (typeof time !== "number" || !Number.isFinite(time) || time < 0) {
      this.#problems.add(line, `the timestamp is ${named(time)}, expected a number, 0 or more`);
      return true;
    }
    if (!isLength(input)) {
      this.#problems.add(line, `the input length is ${named(input)}, expected whole tokens, 0 or more`);
      return true;
    }
    if (time < this.#last) {
      this.#problems.add(
        line,
        `goes back in time: ${time} comes after ${this.#last}`,
        "sort the rows by time",
      );
      return true;
    }
    this.#last = time;
    this.#first ??= time;
    const atUs = Math.floor(((time - this.#first) * unitUs) / this.#span.speed);
    if (atUs >= this.#span.holdUs) return false;
    if (this.atUs.length >= MAX_ROWS) {
      const message = `has more than ${MAX_ROWS.toLocaleString("en-US")} requests within the hold`;
      this.#problems.add(line, message, "hold for less, or replay it slower");
      return false;
    }
    this.atUs.push(atUs);
    this.inputTokens.push(input);
    this.outputTokens.push(isLength(output) && output > 0 ? output : null);
    return true;
  }
}

function isLength(tokens: unknown): tokens is number {
  return typeof tokens === "number" && Number.isInteger(tokens) && tokens >= 0 && tokens <= MAX_TOKENS;
}

function named(value: unknown): string {
  return value === undefined ? "missing" : Number.isNaN(value) ? "no number" : shown(value);
}
