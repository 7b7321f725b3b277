// What a command is: its help texts, and what it does with parsed flags.
import type { AppContext, CommandInput } from "../app/context.js";
import type { ExitCode } from "../support/errors.js";

/** Flags in commander's notation (`-f, --file <path>`) → help text. */
export type CommandOptions = Readonly<Record<string, string | OptionDetails>>;

interface OptionDetails {
  readonly description: string;
  readonly default?: string;
  readonly repeatable?: true;
}

/** An option that may be given several times; its value is a list. */
export const repeatable = (description: string): OptionDetails => ({
  description: `${description} (repeatable)`,
  repeatable: true,
});

/** A command's module imports next to nothing: `run` loads what it needs, so that `gp-load --help` is fast. */
export interface CommandModule {
  readonly name: string;
  readonly summary: string;
  /** In commander's notation: `[scenario...]`. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: CommandOptions;
  /** Whole command lines for the help. */
  readonly examples: readonly string[];
  readonly run: (input: CommandInput, context: AppContext) => Promise<ExitCode>;
}

/** What all commands with scenarios share. */
export const SOURCE_OPTIONS: CommandOptions = {
  "-f, --file <path>":
    "scenario file; - for standard input (default: scenarios.yaml and the nearest gp-load.config.ts, .js or .mjs; without them, the built-in scenarios)",
  "--env-file <path>": "also read variables from this file; the environment wins",
};

/** Where named baselines are kept. */
export const BASELINES = "baselines";
export const BASELINES_OPTION: CommandOptions = {
  "--baselines <dir>": { description: "folder with the named baselines", default: BASELINES },
};

export const LOG_OPTIONS: CommandOptions = {
  "--log-level <level>":
    "write a log: error, warn (failed requests), info (reconnects, faults, decisions) or debug",
  "--log-file <path>": "where to write the log (default: log.jsonl in the report folder)",
};

export const LLM_OPTION: CommandOptions = {
  "--llm": "print the usual table of LLM benchmarks: TTFT, ITL, throughput, goodput",
};

/** Copies of report files for CI. */
export const COPY_OPTIONS: CommandOptions = {
  "--junit <path>": "also write junit.xml to this file",
  "--summary <path>": "also write summary.md to this file",
};
