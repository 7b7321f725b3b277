// Log lines of a run: levels, and the bounded buffer that workers fill.
import { wallNowUs } from "../clock.js";
import { shorten } from "../text.js";

/** From fewest to most lines; each includes those before it. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Plain values; `undefined` is left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogLine {
  readonly level: LogLevel;
  /** In our own words: never text from a target. */
  readonly event: string;
  /** Wall time of the worker's machine, milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly fields: LogFields;
}

/** Lines of one kind per second; further ones are only counted. */
const MAX_ALIKE = 20;
/** Lines of all kinds per second. */
const MAX_PER_SECOND = 200;
const LONGEST_TEXT = 500;

/** Whether a log of level `bound` takes lines of `level`. */
export function takesLevel(bound: LogLevel, level: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(bound);
}

/** Collects lines until they are taken. A flood of them is only counted, and reported once a second. */
export class LogBuffer {
  readonly #bound: LogLevel;
  readonly #nowMs: () => number;
  #lines: LogLine[] = [];
  #second = Number.NaN;
  #thisSecond = 0;
  readonly #alike = new Map<string, number>();
  /** Event → lines left out in this second. */
  readonly #leftOut = new Map<string, number>();

  constructor(bound: LogLevel, nowMs: () => number = () => Math.round(wallNowUs() / 1000)) {
    this.#bound = bound;
    this.#nowMs = nowMs;
  }

  /** Adds a line if its level is logged. Texts are shortened to one line. */
  line(level: LogLevel, event: string, fields: LogFields = {}): void {
    if (!takesLevel(this.#bound, level)) return;
    const timeMs = this.#nowMs();
    this.#turnSecond(timeMs);
    const kind = `${level} ${event} ${fields.step ?? ""} ${fields.status ?? ""} ${fields.errorCode ?? ""}`;
    const alike = (this.#alike.get(kind) ?? 0) + 1;
    // Kinds beyond the bound of lines need not be distinguished.
    if (alike > MAX_ALIKE || this.#thisSecond >= MAX_PER_SECOND) {
      this.#leftOut.set(event, (this.#leftOut.get(event) ?? 0) + 1);
      return;
    }
    this.#alike.set(kind, alike);
    this.#thisSecond++;
    this.#lines.push({ level, event, timeMs, fields: bounded(fields) });
  }

  /** Lines since the last call, in order, then the counts of lines left out. */
  take(): readonly LogLine[] {
    this.#tellLeftOut(this.#nowMs());
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #turnSecond(timeMs: number): void {
    const second = Math.floor(timeMs / 1000);
    if (second === this.#second) return;
    this.#tellLeftOut(timeMs);
    this.#second = second;
    this.#thisSecond = 0;
    this.#alike.clear();
  }

  #tellLeftOut(timeMs: number): void {
    for (const [of, count] of this.#leftOut)
      this.#lines.push({ level: "warn", event: "lines left out", timeMs, fields: { of, count } });
    this.#leftOut.clear();
  }
}

function bounded(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      if (value === undefined || value === "") return [];
      return [[key, typeof value === "string" ? shorten(value, LONGEST_TEXT) : value]];
    }),
  );
}
