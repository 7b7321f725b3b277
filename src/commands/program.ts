// From an argument list to an exit code: parses flags, runs the command, prints errors.
import { Command, CommanderError, Option } from "commander";
import type { AppContext, OptionValue } from "../app/context.js";
import { insideGithub } from "../app/run/github.js";
import { toolVersion } from "../app/version.js";
import { ScenarioProblems } from "../scenarios/parse/problems.js";
import {
  codeOf,
  EXIT,
  type ExitCode,
  isOutOfRoom,
  messageOf,
  ROOM_HINT,
  UserError,
} from "../support/errors.js";
import type { CommandModule, CommandOptions } from "./command.js";
import { takeEnvironment, withEnvFile } from "./environment.js";

/** Never throws: errors become text on stderr and an exit code (2 for usage and scenario errors, 70 for our bugs). */
export async function runProgram(
  args: readonly string[],
  commands: readonly CommandModule[],
  outside: AppContext,
): Promise<ExitCode> {
  const context = insideGithub(outside);
  let exit: ExitCode = EXIT.pass;
  const program = programOf(commands, context, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exit;
  } catch (error) {
    return reported(error, context);
  }
}

function programOf(
  commands: readonly CommandModule[],
  context: AppContext,
  done: (code: ExitCode) => void,
): Command {
  const program = new Command("gp-load")
    .description("Load and SLA runner for AI-agent chat backends: PASS, FAIL or INVALID.")
    .version(toolVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show the help of a command")
    .exitOverride()
    .configureOutput({ writeOut: context.stdout, writeErr: context.stderr })
    .showHelpAfterError("(see --help)");
  for (const module of commands) {
    const command = program.command(module.name).description(module.summary);
    if (module.argument) command.argument(module.argument.name, module.argument.description);
    for (const [flags, words] of Object.entries(module.options)) command.addOption(optionOf(flags, words));
    if (module.examples.length > 0) command.addHelpText("after", examplesText(module.examples));
    command.allowExcessArguments(false).action(async () => {
      const surroundings = withEnvFile(context, command.opts().envFile ?? context.env.GP_LOAD_ENV_FILE);
      takeEnvironment(command, surroundings.env);
      const options = command.opts<Record<string, OptionValue>>();
      done(await module.run({ args: command.args, options }, surroundings));
    });
  }
  const examples = commands.flatMap((module) => module.examples.slice(0, 1));
  return program
    .addHelpText("after", examplesText(examples))
    .addHelpText("after", "\nEvery flag can also be set in the environment: GP_LOAD_USERS=50 is --users 50.");
}

function optionOf(flags: string, words: CommandOptions[string]): Option {
  if (typeof words === "string") return new Option(flags, words);
  const option = new Option(flags, words.description);
  if (words.default !== undefined) option.default(words.default);
  if (!words.repeatable) return option;
  // No default, which the help would show as an empty list.
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return option.argParser<readonly string[]>(collect);
}

function examplesText(examples: readonly string[]): string {
  return examples.length > 0 ? `\nExamples:\n${examples.map((line) => `  $ ${line}\n`).join("")}` : "";
}

/** Prints an error; returns its exit code. */
function reported(error: unknown, context: AppContext): ExitCode {
  if (error instanceof CommanderError) return commanderExit(error);
  if (error instanceof ScenarioProblems) {
    const count = error.problems.length === 1 ? "1 problem" : `${error.problems.length} problems`;
    context.stderr(`${error.message}\n${count}\n`);
    return EXIT.usage;
  }
  if (error instanceof UserError) {
    const hint = error.hint ? `${error.hint.replace(/^/gm, "  ")}\n` : "";
    context.stderr(`error: ${error.message}\n${hint}`);
    return EXIT.usage;
  }
  if (isOutOfRoom(error)) {
    context.stderr(`error: the results cannot be written: ${messageOf(error)}\n  ${ROOM_HINT}\n`);
    return EXIT.unwritten;
  }
  const trouble = systemTrouble(error);
  if (trouble !== undefined) {
    context.stderr(`error: ${messageOf(error)}\n  ${trouble}\n`);
    return EXIT.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.stderr(`gp-load has a bug: please report it with this text.\n${stack}\n`);
  return EXIT.bug;
}

/** A hint for an error of the file system, which is not our bug; `undefined` for any other error. */
function systemTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("path" in error) || !("syscall" in error)) return undefined;
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return "gp-load may not read or write there: choose another place, or change the permissions";
    case "EMFILE":
    case "ENFILE":
      return "raise the limit of open files (ulimit -n), or use fewer users";
    default:
      return undefined;
  }
}

/** Commander has printed its message; requested help is a success. */
function commanderExit(error: CommanderError): ExitCode {
  return error.code === "commander.helpDisplayed" || error.code === "commander.version"
    ? EXIT.pass
    : EXIT.usage;
}
