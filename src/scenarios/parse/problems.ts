// Problems of a scenario file: where, what, and how to fix it.
import { UserError } from "../../support/errors.js";

/**
 * A position in a file, line and column from 1; or the flag that the value came from; or the module that made it, without
 * a known line.
 */
export type Place =
  | { readonly file: string; readonly line: number; readonly column: number }
  | { readonly flag: string }
  | { readonly module: string };

export interface Problem {
  readonly place: Place;
  readonly message: string;
  /** What to do about it, if the message does not say. */
  readonly hint?: string | undefined;
}

/** All problems of one load, in the order of the file. */
export class ScenarioProblems extends UserError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const ordered = orderedProblems(problems);
    super(ordered.map(problemText).join("\n"));
    this.problems = ordered;
  }
}

/** `file:line:column: message`, with the hint on a second, indented line. */
export function problemText(problem: Problem): string {
  const hint = problem.hint ? `\n  ${problem.hint}` : "";
  return `${placeText(problem.place)}: ${problem.message}${hint}`;
}

export function placeText(place: Place): string {
  if ("flag" in place) return place.flag;
  return "module" in place ? place.module : `${place.file}:${place.line}:${place.column}`;
}

/** Sorted by place, flags first; the same problem at the same place (seen through `extends`) appears once. */
export function orderedProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const unique = problems.filter((problem) => {
    const key = `${placeText(problem.place)}\u0000${withoutScenario(problem.message)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return unique.sort((a, b) => comparePlaces(a.place, b.place));
}

/** A child repeats its parent's problems under its own name: leave the name out. */
function withoutScenario(message: string): string {
  return message.replace(/^scenarios\.[^.:\s]+/, "");
}

function comparePlaces(a: Place, b: Place): number {
  if (!("file" in a && "file" in b)) return rankOf(a) - rankOf(b);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** Flags first, then modules, then files. */
function rankOf(place: Place): number {
  if ("flag" in place) return 0;
  return "module" in place ? 1 : 2;
}
