// `gp-load init`: from a URL to a valid, tested scenario file, and the next command.

import { type AppContext, type CommandInput, flagOption, textOption } from "../app/context.js";
import type { InitAnswers } from "../app/trial/init.js";
import { TRANSPORTS } from "../model/transport.js";
import { EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";

export const initCommand: CommandModule = {
  name: "init",
  summary: "write a first scenarios.yaml for a backend, and try it",
  options: {
    "--url <url>": "URL of the backend (a terminal prompts for it)",
    "--kind <profile>": "profile that fits the backend (a terminal prompts for it)",
    "--transport <name>": `transport of the generic profile: ${TRANSPORTS.join(", ")}`,
    "--auth-url <url>": "URL of the login, if it is elsewhere",
    "--accounts <pattern>": "address of each account, such as load-{n}@example.com",
    "--register": "register the accounts before use",
    "--tokens <file>": "file with access tokens to use instead of accounts",
    "-o, --out <file>": { description: "the file to write", default: "scenarios.yaml" },
    "--force": "overwrite an existing file",
    "--no-probe": "only write the file; send nothing to the backend",
    "--no-color": "no colours",
  },
  examples: [
    "gp-load init",
    "gp-load init --url http://127.0.0.1:8000 --kind golden-path --register",
    "gp-load init --url https://api.staging.example.com --kind ai-sdk --tokens tokens.txt",
  ],
  async run(input, context) {
    const { existsSync, writeFileSync } = await import("node:fs");
    const { resolve } = await import("node:path");
    const { tell } = await import("../app/stdout.js");
    const { probeBackend, soundStarter } = await import("../app/trial/init.js");
    const file = textOption(input, "out") ?? "scenarios.yaml";
    const path = resolve(context.cwd, file);
    if (existsSync(path) && !flagOption(input, "force"))
      throw new UserError(
        `${file} already exists`,
        "choose another with --out, or overwrite it with --force",
      );
    const answers = await answersOf(input, context);
    const { text, scenario, missing } = await soundStarter(answers, file, context);
    writeFileSync(path, text);
    context.stdout(`${file}: written and valid\n`);
    const probed = input.options.probe !== false && scenario !== undefined;
    const exit = probed ? await probeBackend(scenario, input.options.color === false, context) : EXIT.pass;
    const option = file === "scenarios.yaml" ? "" : ` -f ${file}`;
    for (const line of missing) tell(`${line}\n`, context);
    context.stdout(
      exit !== EXIT.pass
        ? `next: fix what the trial shows, and try again: gp-load try${option}\n`
        : `next: gp-load run smoke${option}\n`,
    );
    return exit;
  },
};

async function answersOf(input: CommandInput, { ask }: AppContext): Promise<InitAnswers> {
  const { PROFILES } = await import("../profiles/index.js");
  const kinds = Object.keys(PROFILES);
  const given = async (name: string, question: string, fallback: string): Promise<string> => {
    const value = textOption(input, name) ?? (ask && (await ask(`${question} [${fallback}] `)).trim());
    return value === undefined || value === "" ? fallback : value;
  };
  if (textOption(input, "url") === undefined && !ask)
    throw new UserError("no backend given", "gp-load init --url http://127.0.0.1:8000 --kind golden-path");
  const url = await given("url", "URL of the backend?", "http://127.0.0.1:8000");
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UserError(`${url} is not an http or https URL`, "write it as http://127.0.0.1:8000");
  const profile = await given("kind", `Which profile fits it (${kinds.join(", ")})?`, "golden-path");
  if (!kinds.includes(profile))
    throw new UserError(`no profile named ${profile}`, `available: ${kinds.join(", ")}`);
  const bare = profile === "generic";
  const carrier = bare
    ? await given("transport", `Which transport does it use (${TRANSPORTS.join(", ")})?`, "websocket")
    : undefined;
  const transport = TRANSPORTS.find((name) => name === carrier);
  if (bare && transport === undefined)
    throw new UserError(`no transport named ${carrier}`, `available: ${TRANSPORTS.join(", ")}`);
  return {
    url,
    transport,
    authUrl: textOption(input, "authUrl"),
    profile,
    pattern: textOption(input, "accounts"),
    register: flagOption(input, "register") ? true : undefined,
    tokens: textOption(input, "tokens"),
  };
}
