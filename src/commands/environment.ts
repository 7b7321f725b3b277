// Flags from the environment, or from a file of variables: `GP_LOAD_USERS=50` is `--users 50`.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Command, Option } from "commander";
import type { AppContext } from "../app/context.js";
import { orUserError, UserError } from "../support/errors.js";

/** The variable of a flag: `--max-turns` is `GP_LOAD_MAX_TURNS`. */
export function variableOf({ long }: { readonly long?: string | undefined }): string {
  return `GP_LOAD_${(long ?? "").replace(/^--/, "").replaceAll("-", "_").toUpperCase()}`;
}

/** Adds the variables of `--env-file`; the environment wins. Throws a `UserError` for a bad file. */
export function withEnvFile(context: AppContext, file: unknown): AppContext {
  if (typeof file !== "string") return context;
  const path = resolve(context.cwd, file);
  const written = orUserError(() => parseEnv(readFileSync(path, "utf8")), `cannot read --env-file ${file}`);
  return { ...context, env: { ...written, ...context.env } };
}

/** Sets flags from the environment; the command line wins. */
export function takeEnvironment(command: Command, env: AppContext["env"]): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const variable = variableOf(option);
    const text = env[variable];
    const given = command.getOptionValueSource(name);
    if (text === undefined || text === "" || given === "cli") continue;
    command.setOptionValueWithSource(name, givenValue(option, text, variable), "env");
  }
}

const YES = ["1", "true", "yes"];
const NO = ["0", "false", "no"];

/** A repeatable flag has one value per line. */
function givenValue(option: Option, text: string, variable: string): string | boolean | readonly string[] {
  if (option.required) return option.parseArg ? text.split(/\r?\n/).filter((line) => line !== "") : text;
  const word = text.toLowerCase();
  if (![...YES, ...NO].includes(word))
    throw new UserError(`${variable}=${text} is neither yes nor no`, `one of ${[...YES, ...NO].join(", ")}`);
  return YES.includes(word) !== option.negate;
}
