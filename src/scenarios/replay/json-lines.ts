// Files of one JSON value a line, read line by line, each problem with its line.
import type { Problem } from "../parse/problems.js";

/** Most problems of one file that are told: the rest is most likely the same one. */
const MAX_PROBLEMS = 10;

/** Problems of one file, by line; of many only the first are kept. */
export class LineProblems {
  readonly list: Problem[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  get full(): boolean {
    return this.list.length >= MAX_PROBLEMS;
  }

  add(line: number, message: string, hint?: string): void {
    if (!this.full) this.list.push({ place: { file: this.#file, line, column: 1 }, message, hint });
  }
}

/**
 * Gives each value with its line, from 1; blank lines are passed over. What is no JSON is a problem.
 * @param take returns `false` where no more is wanted
 */
export function eachJsonLine(
  content: string,
  problems: LineProblems,
  take: (value: unknown, line: number) => boolean,
): void {
  let line = 0;
  for (let at = 0; at < content.length && !problems.full; ) {
    const end = content.indexOf("\n", at);
    const text = content.slice(at, end < 0 ? content.length : end).trim();
    at = end < 0 ? content.length : end + 1;
    line++;
    if (text === "") continue;
    const value = jsonOf(text);
    if (!value) problems.add(line, NOT_JSON);
    else if (!take(value.json, line)) return;
  }
}

export const NOT_JSON = "is not valid JSON";

/** A text as JSON; `undefined` where it is none. */
export function jsonOf(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
