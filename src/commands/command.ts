// What a command is: its words for the help, and what it does with parsed flags.
import type { AppContext, CommandInput } from "../app/context.js";
import type { ExitCode } from "../support/errors.js";

export interface CommandOption {
  /** As commander reads it: `-f, --file <path>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
  /** May be given several times: the value is a list, absent when it is not given. */
  readonly repeatable?: true;
}

/**
 * One line in the table of commands. The module itself imports next to nothing: `run` loads what it needs,
 * so that `gp-load --help` answers at once.
 */
export interface CommandModule {
  readonly name: string;
  readonly summary: string;
  /** As commander reads it: `[scenario...]`. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: readonly CommandOption[];
  /** Whole command lines for the help. */
  readonly examples: readonly string[];
  readonly run: (input: CommandInput, context: AppContext) => Promise<ExitCode>;
}

const FILE_OPTION: CommandOption = {
  flags: "-f, --file <path>",
  description:
    "scenario file; - for standard input (default: scenarios.yaml and the nearest gp-load.config.ts, .js or .mjs; without them, the built-in scenarios)",
};

const ENV_FILE_OPTION: CommandOption = {
  flags: "--env-file <path>",
  description: "also read variables from this file; the environment wins",
};

/** What all commands with scenarios share. */
export const SOURCE_OPTIONS: readonly CommandOption[] = [FILE_OPTION, ENV_FILE_OPTION];

/** Where named baselines are kept. */
export const BASELINES_OPTION = {
  flags: "--baselines <dir>",
  description: "folder with the named baselines",
  default: "baselines",
} as const satisfies CommandOption;

/** The log for people who look for a cause. */
export const LOG_OPTIONS: readonly CommandOption[] = [
  {
    flags: "--log-level <level>",
    description: "write a log: error, warn (failed requests), info (reconnects, faults, decisions) or debug",
  },
  {
    flags: "--log-file <path>",
    description: "where to write the log (default: log.jsonl in the report folder)",
  },
];

export const LLM_OPTION: CommandOption = {
  flags: "--llm",
  description: "print the usual table of LLM benchmarks: TTFT, ITL, throughput, goodput",
};

/** Where a CI wants what the report folder holds. */
export const COPY_OPTIONS: readonly CommandOption[] = [
  { flags: "--junit <path>", description: "also write junit.xml to this file" },
  { flags: "--summary <path>", description: "also write summary.md to this file" },
];
