// `gp-load init`: turns answers into a valid scenario file, then tries it: is the backend up, does a turn complete?

import type { Transport } from "../../model/transport.js";
import type { Transcript, TurnEntry } from "../../model/turn/transcript.js";
import { renderTranscript } from "../../report/transcript/text.js";
import { MADE_UP } from "../../scenarios/accounts/accounts.js";
import { isLoopback } from "../../scenarios/accounts/hosts.js";
import { loadScenarios } from "../../scenarios/load-file.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { openScenarioText } from "../../scenarios/source.js";
import { type StarterAccounts, starterFile } from "../../scenarios/starter.js";
import { nowUs } from "../../support/clock.js";
import { EXIT, type ExitCode } from "../../support/errors.js";
import { createHttpClient } from "../../wire/http/http.js";
import { AXES } from "../axes.js";
import type { AppContext } from "../context.js";
import { capabilitiesOf } from "../offline-protocol.js";
import { tell, wantsColourOn } from "../stdout.js";
import { exitOf, takeTrial } from "./trial.js";

const PASSWORD_VARIABLE = "LOAD_PASSWORD";

export interface InitAnswers {
  readonly url: string;
  readonly authUrl: string | undefined;
  readonly profile: string;
  /** For profiles that need to know it. */
  readonly transport: Transport | undefined;
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

const HEALTH_PATHS = ["/health", "/healthz", "/"] as const;
const PATIENCE_US = 5_000_000;

/** Prints what it finds. Exit codes are as of `gp-load try`. */
export async function probeBackend(
  scenario: Scenario,
  noColor: boolean,
  context: AppContext,
): Promise<ExitCode> {
  const mark = (good: boolean, text: string): void => tell(`${good ? "✓" : "✗"} ${text}\n`, context);
  const health = await answers(scenario);
  mark(health !== undefined, health ?? `nothing responds at ${scenario.target.url}`);
  if (health === undefined) return EXIT.invalid;
  const transcript = await takeTrial(scenario, 1, undefined, context);
  const open = transcript.entries.some(({ type }) => type === "frame");
  mark(transcript.problems.length === 0, transcript.problems[0] ?? "login works, and so does the channel");
  for (const note of transcript.notes ?? []) tell(`! ${note}\n`, context);
  const turn = transcript.entries.find((entry) => entry.type === "turn");
  const exit = exitOf(transcript);
  if (open || turn)
    mark(exit === EXIT.pass, exit === EXIT.pass ? turnText(transcript) : failureText(transcript, turn));
  if (exit === EXIT.pass) return exit;
  const colour = wantsColourOn(context, noColor);
  tell(`\n${renderTranscript(transcript, { colour, whole: false })}\n`, context);
  return exit;
}

function failureText({ findings = [] }: Transcript, turn: TurnEntry | undefined): string {
  if (turn?.outcome !== "completed") return "one turn was tried, but did not complete";
  if (turn.missing.length > 0) return `a turn completed, but without ${turn.missing.join(", ")}`;
  const wrong = findings.filter(({ severity }) => severity === "fail").map(({ message }) => message);
  return `a turn completed, but ${wrong.join("; ")}`;
}

function turnText({ entries }: Transcript): string {
  const kinds = entries.flatMap((entry) => (entry.type === "frame" ? [entry.kind] : []));
  return `a turn completed: ${[...new Set(kinds)].join(", ")}`;
}

/** The first path that answers. Any answer will do: not every service has a health check. */
async function answers({ target: { url, tls, proxy, headers } }: Scenario): Promise<string | undefined> {
  const http = createHttpClient({
    tls,
    proxy,
    headers,
    timeoutUs: PATIENCE_US,
    connections: 1,
    bodyBytes: 65_536,
  });
  try {
    for (const path of HEALTH_PATHS) {
      const sentUs = nowUs();
      const { status, doneUs } = await http.request({ method: "GET", url: new URL(path, url).href });
      if (status > 0)
        return `${url} answers: ${path} ${status} in ${Math.round((doneUs - sentUs) / 1000)} ms`;
    }
    return undefined;
  } finally {
    await http.close();
  }
}
