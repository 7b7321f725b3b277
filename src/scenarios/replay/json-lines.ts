// Reads files with one JSON value per line, each problem with its line.

import { tried } from "../../support/errors.js";
import type { Problem } from "../parse/problems.js";

/** Problems reported for one file: the rest is most likely the same. */
const MAX_PROBLEMS = 10;

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
 * Passes on each value with its line, from 1. Skips blank lines; invalid JSON is a problem.
 * @param take returns `false` to stop
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

/** `undefined` for invalid JSON. */
export function jsonOf(text: string): { readonly json: unknown } | undefined {
  return tried(() => ({ json: JSON.parse(text) }));
}
