// Reads the flags shared by commands that run scenarios: overrides, workers, whole numbers.

import { type AppContext, type CommandInput, flagOption, listOption, textOption } from "../app/context.js";
import { MAX_SLICES } from "../fleet/coordinator/slices.js";
import type { Invocation } from "../model/log/run-log.js";
import { TURN_CHOICES, type TurnChoice } from "../model/log/turn-line.js";
import { MAX_WORKERS, type WorkerWish } from "../run/plan/worker-count.js";
import type { Overrides } from "../scenarios/parse/overrides.js";
import type { Scenario } from "../scenarios/scenario.js";
import type { Selection } from "../scenarios/selection.js";
import type { ScenarioSource } from "../scenarios/source.js";
import { UserError } from "../support/errors.js";
import { createRedactor, isSecretName, REDACTED, redactUrl } from "../support/redaction.js";
import { oneLine, shorten } from "../support/text.js";
import type { CommandModule, CommandOptions } from "./command.js";

const OVERRIDING = ["users", "ramp", "hold", "speed", "seed", "maxTurns", "target", "profile"];

function overridesOf(input: CommandInput): Overrides {
  const overrides: Record<string, string> = {};
  for (const name of OVERRIDING) {
    const value = textOption(input, name);
    if (value !== undefined) overrides[name] = value;
  }
  return {
    ...overrides,
    set: listOption(input, "set"),
    allowHosts: listOption(input, "allowHost"),
    allowed: { faults: flagOption(input, "allowFaults"), exec: flagOption(input, "allowExec") },
  };
}

/** The selected scenarios with the flags applied; prints warnings to stderr. */
export async function loadChosen(
  source: ScenarioSource,
  selection: Selection,
  input: CommandInput,
  context: AppContext,
): Promise<readonly Scenario[]> {
  const { loadScenarios } = await import("../scenarios/load-file.js");
  const { problemText } = await import("../scenarios/parse/problems.js");
  const overrides = overridesOf(input);
  const { scenarios, warnings } = loadScenarios(source, selection, overrides);
  for (const warning of warnings) context.stderr(`warning: ${problemText(warning)}\n`);
  if (overrides.target?.includes("://") && overrides.profile === undefined) {
    const profiles = [...new Set(scenarios.map(({ target }) => target.profile))];
    const [first] = scenarios;
    if (first)
      context.stderr(`${first.target.name} uses the profile ${profiles.join(", ")} (see --profile)\n`);
  }
  return scenarios;
}

/** `--workers`: processes, or machines with `--fleet`. */
export function workersOption(input: CommandInput): WorkerWish {
  if ((textOption(input, "workers") ?? "auto") === "auto") return "auto";
  const most = textOption(input, "fleet") === undefined ? MAX_WORKERS : MAX_SLICES;
  return wholeOption(input, "workers", 1, most);
}

export function llmOption(input: CommandInput): boolean {
  const wanted = flagOption(input, "llm");
  if (wanted && flagOption(input, "json"))
    throw new UserError("--llm cannot print anything with --json", "use `gp-load export --format llm`");
  return wanted;
}

/** `--turns`; `undefined` for `none`. */
export function turnsOption(input: CommandInput): Exclude<TurnChoice, "none"> | undefined {
  const given = textOption(input, "turns") ?? "sample";
  const choice = TURN_CHOICES.find((one) => one === given);
  if (choice === undefined)
    throw new UserError(`--turns ${given} is not a choice`, `available: ${TURN_CHOICES.join(", ")}`);
  return choice === "none" ? undefined : choice;
}

/** A whole number; without the option, `absent` or the minimum. */
export function wholeOption(
  input: CommandInput,
  name: string,
  min: number,
  max: number,
  absent = min,
): number {
  const text = textOption(input, name);
  if (text === undefined) return absent;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UserError(`--${name} ${text} is not a whole number from ${min} to ${max}`);
  }
  return value;
}

/** `--port` of a server; 0 picks a free one. */
export function portOption(input: CommandInput, usual: string): number {
  const text = textOption(input, "port") ?? usual;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`--port ${text} is not a port`, "use a number from 0 to 65535");
}

const LONGEST_BUILD = 100;

/** The command line of a run, for its reports: rebuilt from its options, without secrets. */
export function invocationOf({ name, options }: CommandModule, input: CommandInput): Invocation {
  const given = Object.entries(options).flatMap(([flags, words]) => {
    const flag = /--[a-z-]+/.exec(flags)?.[0] ?? "";
    const key = flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = input.options[key];
    if (value === undefined || value === false || value === usualOf(words)) return [];
    if (value === true) return [{ key, flag, values: [] as readonly string[] }];
    return [{ key, flag, values: (typeof value === "string" ? [value] : value).map(withoutSecret) }];
  });
  const words = given.flatMap(({ flag, values }) =>
    values.length === 0 ? [flag] : values.flatMap((value) => [flag, quoted(value)]),
  );
  const build = textOption(input, "build");
  return {
    command: ["gp-load", name, ...input.args.map(quoted), ...words].join(" "),
    overrides: given.flatMap(({ key, values }) => {
      if (key === "set") return values.map((setting) => setting.replace(/\s*=\s*/, " = "));
      return OVERRIDING.includes(key) ? values.map((value) => `${key} = ${value}`) : [];
    }),
    ...(build === undefined ? {} : { build: shorten(oneLine(withoutSecret(build)), LONGEST_BUILD) }),
  };
}

const usualOf = (words: CommandOptions[string]) => (typeof words === "string" ? undefined : words.default);

const looksLikeToken = createRedactor([]);

/** `--set` can hold a secret: under a secret-looking key, or in a map with such a key. */
function withoutSecret(value: string): string {
  const [, key = "", set = ""] = /^([\w.-]+)\s*=(.*)$/s.exec(value) ?? [];
  if (key !== "" && (isSecretName(key) || isSecretName(set))) return `${key}=${REDACTED}`;
  return looksLikeToken.redact(redactUrl(value));
}

/** As a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
