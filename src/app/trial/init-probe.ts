// Tries a new scenario file: is the backend up, do login and socket work, does a turn complete?

import type { Transcript, TurnEntry } from "../../model/turn/transcript.js";
import { renderTranscript } from "../../report/transcript/text.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { nowUs } from "../../support/clock.js";
import { EXIT, type ExitCode } from "../../support/errors.js";
import { createHttpClient } from "../../wire/http.js";
import type { AppContext } from "../context.js";
import { wantsColourOn } from "../stdout.js";
import { exitOf, takeTrial } from "./trial.js";

const HEALTH_PATHS = ["/health", "/healthz", "/"] as const;
const PATIENCE_US = 5_000_000;

/** Prints what it finds. Exit codes are as of `gp-load try`. */
export async function probeBackend(
  scenario: Scenario,
  noColor: boolean,
  context: AppContext,
): Promise<ExitCode> {
  const tell = (good: boolean, text: string): void => context.stdout(`${good ? "✓" : "✗"} ${text}\n`);
  const health = await answers(scenario);
  tell(health !== undefined, health ?? `nothing responds at ${scenario.target.url}`);
  if (health === undefined) return EXIT.invalid;
  const transcript = await takeTrial(scenario, 1, undefined, context);
  const open = transcript.entries.some(({ type }) => type === "frame");
  tell(transcript.problems.length === 0, transcript.problems[0] ?? "login works, and so does the channel");
  for (const note of transcript.notes ?? []) context.stdout(`! ${note}\n`);
  const turn = transcript.entries.find((entry) => entry.type === "turn");
  const exit = exitOf(transcript);
  if (open || turn)
    tell(exit === EXIT.pass, exit === EXIT.pass ? turnText(transcript) : failureText(transcript, turn));
  if (exit === EXIT.pass) return exit;
  const colour = wantsColourOn(context, noColor);
  context.stdout(`\n${renderTranscript(transcript, { colour, whole: false })}\n`);
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
