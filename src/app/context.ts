// The outside world as a use case sees it, and the parsed flags of its command.
import type { TerminalStream } from "../progress/screen.js";

/** Injected, so that commands run inside tests. */
export interface AppContext {
  /** Results. Nothing is added: callers end their own lines. */
  readonly stdout: (text: string) => void;
  /** Progress, warnings, errors. */
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  /** For a live view; absent if stderr is not a terminal. */
  readonly terminal?: TerminalStream;
  readonly stdoutIsTTY?: boolean;
  /** The width now: a terminal may be resized. Absent if stdout is not a terminal. */
  readonly stdoutColumns?: () => number;
  /** Reads all of standard input. */
  readonly stdin?: () => Promise<string>;
  /** Prompts the person at the terminal; absent without one. */
  readonly ask?: (question: string) => Promise<string>;
  /** Adds lines to the page of the CI job; absent outside CI. */
  readonly annotate?: (lines: readonly string[]) => void;
  /** Calls back on the first Ctrl-C (a second one exits at once). Returns a function that stops listening. */
  readonly onInterrupt?: (callback: () => void) => () => void;
}

export interface CommandInput {
  readonly args: readonly string[];
  /** By the long flag in camel case: `--allow-host` is `allowHost`. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** A list if the option may be repeated, a string if it takes a value, otherwise a flag. */
export type OptionValue = string | boolean | readonly string[] | undefined;

export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

export function listOption(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? value : [];
}

export function flagOption(input: CommandInput, name: string): boolean {
  return input.options[name] === true;
}
