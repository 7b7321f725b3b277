// `gp-load completion`: scripts for bash, zsh and fish, and the words that they suggest.
import type { AppContext, CommandInput } from "../app/context.js";
import { EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";

/** Each calls `gp-load completion for -- <words so far>` at every key press; the last word is being typed. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_gp_load() {
  local IFS=$'\\n'
  COMPREPLY=($(gp-load completion for -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _gp_load gp-load
`,
  zsh: `#compdef gp-load
_gp_load() {
  local -a found
  found=("\${(@f)$(gp-load completion for -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n $found ]] && compadd -a found || _files
}
compdef _gp_load gp-load
`,
  fish: `complete -c gp-load -a '(gp-load completion for -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};

/** @param commands all commands, including this one */
export const completionCommand = (commands: () => readonly CommandModule[]): CommandModule => ({
  name: "completion",
  summary: "print a script that lets bash, zsh or fish complete commands, flags and scenario names",
  argument: {
    name: "<shell...>",
    description: "bash, zsh or fish (`for` is what the scripts themselves call)",
  },
  options: {},
  examples: [
    'eval "$(gp-load completion bash)"',
    "gp-load completion zsh > ~/.zfunc/_gp-load",
    "gp-load completion fish > ~/.config/fish/completions/gp-load.fish",
  ],
  async run({ args: [shell = "", ...words] }, context) {
    if (shell === "for") {
      const offered = await wordsFor(words, commands(), context);
      context.stdout(offered.map((word) => `${word}\n`).join(""));
      return EXIT.pass;
    }
    const script = SCRIPTS[shell];
    if (script === undefined)
      throw new UserError(`no completion for ${shell}`, `one of ${Object.keys(SCRIPTS).join(", ")}`);
    context.stdout(script);
    return EXIT.pass;
  },
});

/** Completions of the word being typed; empty if anything may follow. */
async function wordsFor(
  words: readonly string[],
  commands: readonly CommandModule[],
  context: AppContext,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const [name, ...given] = words.slice(0, -1);
  const command = commands.find((one) => one.name === name);
  if (name === undefined)
    return begun(
      typed,
      commands.map((one) => one.name),
    );
  if (!command) return [];
  const flag = given.at(-1);
  const options = Object.keys(command.options);
  const expected = options.find((flags) => flag && flagsOf(flags).includes(flag));
  if (expected && /[<[]/.test(expected)) return begun(typed, await valuesOf(expected, given, context));
  if (typed.startsWith("-")) {
    const flags = options.flatMap((option) => flagsOf(option).at(-1) ?? []);
    return begun(typed, flags);
  }
  if (!command.argument?.name.includes("scenario")) return [];
  return begun(
    typed,
    (await scenariosFor(given, context)).map((one) => one.name),
  );
}

const begun = (typed: string, words: readonly string[]): readonly string[] =>
  [...new Set(words)].filter((word) => word.startsWith(typed));

/** `-f, --file <path>` as `-f` and `--file`. */
const flagsOf = (flags: string): readonly string[] => flags.match(/(?<=^|[\s,])--?[\w-]+/g) ?? [];

async function valuesOf(
  flags: string,
  given: readonly string[],
  context: AppContext,
): Promise<readonly string[]> {
  if (flags.includes("--tag")) return (await scenariosFor(given, context)).flatMap(({ tags }) => tags);
  if (flags.includes("--target"))
    return (await scenariosFor(given, context)).flatMap(({ target }) => target ?? []);
  if (flags.includes("--profile")) return Object.keys((await import("../app/axes.js")).AXES.profiles);
  if (flags.includes("--set")) {
    const { METRIC_NAMES } = await import("../model/metric.js");
    return METRIC_NAMES.map((metric) => `sla.${metric}=`);
  }
  return [];
}

/** Of the file named so far, or the default one; empty if it cannot be read. */
async function scenariosFor(given: readonly string[], context: AppContext) {
  const { surveyScenarios } = await import("../scenarios/load-file.js");
  const { openChosenFile } = await import("../app/chosen-file.js");
  const at = given.findIndex((word) => word === "-f" || word === "--file");
  const input: CommandInput = { args: [], options: { file: at < 0 ? undefined : given[at + 1] } };
  try {
    return surveyScenarios(await openChosenFile(input, { ...context, stderr: () => undefined }));
  } catch {
    return [];
  }
}
