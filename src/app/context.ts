// The outside world as a use case sees it, and the parsed flags that it was called with.
import type { TerminalStream } from "../progress/screen.js";
import { wrapText } from "../support/terminal-text.js";

/** The outside world as a use case sees it; injected, so that commands run inside tests. */
export interface AppContext {
  /** Results. Text is written as it is: callers end their lines. */
  readonly stdout: (text: string) => void;
  /** Progress, warnings, errors. */
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder that relative paths start at. */
  readonly cwd: string;
  /** Where a live view may be drawn; absent when stderr is no terminal. */
  readonly terminal?: TerminalStream;
  readonly stdoutIsTTY?: boolean;
  /** Width of the terminal that stdout is; absent where it is none. */
  readonly stdoutColumns?: number;
  /** All of standard input; absent where there is none. */
  readonly stdin?: () => Promise<string>;
  /** Asks the person at the terminal; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  /** Puts lines onto the page of the CI's job; absent where there is none. */
  readonly annotate?: (lines: readonly string[]) => void;
  /** Calls back on the first Ctrl-C (a second one leaves at once); returns how to stop listening. */
  readonly onInterrupt?: (callback: () => void) => () => void;
}

/** Prints a text for people: on a terminal its lines break between words. */
export function tell(text: string, { stdout, stdoutColumns }: AppContext): void {
  stdout(stdoutColumns === undefined ? text : wrapText(text, Math.max(20, stdoutColumns)));
}

export interface CommandInput {
  /** Positional arguments. */
  readonly args: readonly string[];
  /** By the long flag in camel case: `--allow-host` is `allowHost`. */
  readonly options: Readonly<Record<string, OptionValue>>;
}

/** A list where the option may be repeated, a text where it takes a value, else a flag. */
export type OptionValue = string | boolean | readonly string[] | undefined;

/** The value of an option that takes one; `undefined` when it was not given. */
export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

/** The values of a repeatable option. */
export function listOption(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? value : [];
}

export function flagOption(input: CommandInput, name: string): boolean {
  return input.options[name] === true;
}
