// Turns answers into a scenario file, and checks it with the parser before anybody else does.
import { MADE_UP } from "../../scenarios/accounts/accounts.js";
import { isLoopback } from "../../scenarios/accounts/hosts.js";
import { loadScenarios } from "../../scenarios/load-file.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { openScenarioText } from "../../scenarios/source.js";
import { type StarterAccounts, type StarterTransport, starterFile } from "../../scenarios/starter.js";
import { AXES } from "../axes.js";
import type { AppContext } from "../context.js";
import { capabilitiesOf } from "../run/preflight.js";

const PASSWORD_VARIABLE = "LOAD_PASSWORD";

export interface InitAnswers {
  readonly url: string;
  readonly authUrl: string | undefined;
  readonly profile: string;
  /** For profiles that need to know it. */
  readonly transport: StarterTransport | undefined;
  readonly pattern: string | undefined;
  readonly register: boolean | undefined;
  readonly tokens: string | undefined;
}

export interface SoundStarter {
  readonly text: string;
  /** Ready to try; `undefined` if something is missing first. */
  readonly scenario: Scenario | undefined;
  /** What people have to do before the first run. */
  readonly missing: readonly string[];
}

/** Throws what the parser finds: nothing, if the answers are valid. */
export async function soundStarter(
  answers: InitAnswers,
  file: string,
  { cwd, env }: AppContext,
): Promise<SoundStarter> {
  const accounts = accountsOf(answers);
  const { url, authUrl, profile, transport } = answers;
  const textOf = (history: boolean): string =>
    starterFile({ url, authUrl, profile, accounts, history, transport });
  const wanting =
    accounts.kind === "pattern" && accounts.password.includes("${") && env[PASSWORD_VARIABLE] === undefined;
  const missing = wanting
    ? [`the accounts' password comes from the environment: export ${PASSWORD_VARIABLE}=…`]
    : [];
  const known = wanting ? { ...env, [PASSWORD_VARIABLE]: "not-yet-known" } : env;
  const smokeOf = (text: string): Scenario | undefined => {
    const source = openScenarioText(text, file, { cwd, axes: AXES, env: known });
    return loadScenarios(source, { names: ["smoke"], tags: [] }).scenarios[0];
  };
  // Only the profile of the parsed target knows whether users can read their history.
  const first = smokeOf(textOf(false));
  const text = textOf(first !== undefined && capabilitiesOf(first).history);
  const scenario = smokeOf(text);
  return { text, scenario: wanting ? undefined : scenario, missing };
}

function accountsOf({ url, tokens, pattern, register }: InitAnswers): StarterAccounts {
  if (tokens !== undefined) return { kind: "tokens", file: tokens };
  const own = register ?? isLoopback(url);
  // Accounts registered on this machine need no real secret.
  const made = own && isLoopback(url);
  return {
    kind: "pattern",
    pattern: pattern ?? (made ? MADE_UP.pattern : "load-{n}@example.com"),
    // The same in every file, so that accounts from earlier runs still work.
    password: made ? MADE_UP.password : `\${${PASSWORD_VARIABLE}}`,
    register: own,
  };
}
