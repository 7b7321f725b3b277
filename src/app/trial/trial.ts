// Takes a trial, saves its transcript, and decodes a saved one again.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { blankEvent } from "../../model/turn/event.js";
import { isClean, isGoodTurn, TRANSCRIPT_VERSION, type Transcript } from "../../model/turn/transcript.js";
import { newRunIdentity } from "../../run/plan/run-id.js";
import { hostTarget } from "../../run/process/embedded-target.js";
import { runTrial } from "../../run/trial/trial.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { defined } from "../../support/defined.js";
import { EXIT, type ExitCode, orUserError, UserError } from "../../support/errors.js";
import { visibleJson } from "../../support/json.js";
import type { AppContext } from "../context.js";
import { offlineProtocol } from "../offline-protocol.js";
import { preflight } from "../run/preflight.js";

/** @param save file for the transcript, relative to the context's folder */
export async function takeTrial(
  scenario: Scenario,
  turns: number,
  save: string | undefined,
  context: AppContext,
): Promise<Transcript> {
  preflight(scenario, 1);
  const { runId, runSeed } = newRunIdentity();
  const interrupt = new AbortController();
  const ignore = context.onInterrupt?.(() => interrupt.abort());
  const hosted = await hostTarget(scenario);
  try {
    const transcript = await runTrial(hosted.scenario, {
      turns,
      runSeed,
      runLabel: runId,
      signal: interrupt.signal,
    });
    if (save !== undefined) keep(transcript, resolve(context.cwd, save));
    return transcript;
  } finally {
    ignore?.();
    await hosted.stop();
  }
}

/** Fewer turns than asked for prove nothing, whoever is to blame: INVALID. */
export function exitOf(transcript: Transcript): ExitCode {
  const { entries, asked, interrupted } = transcript;
  if (interrupted) return EXIT.interrupted;
  const turns = entries.filter((entry) => entry.type === "turn");
  if (!turns.every(isGoodTurn) || !isClean(transcript)) return EXIT.fail;
  return turns.length < asked ? EXIT.invalid : EXIT.pass;
}

/** A saved transcript, its frames decoded with the scenario's current options. */
export function replayed(file: string, scenario: Scenario, context: AppContext): Transcript {
  const transcript = readTranscript(resolve(context.cwd, file), file);
  const { target } = scenario;
  const protocol = offlineProtocol(target);
  const event = blankEvent();
  return {
    ...transcript,
    profile: target.profile,
    entries: transcript.entries.map((entry) => {
      if (entry.type !== "frame") return entry;
      protocol.decode(entry.frame, event, entry.label);
      const because = protocol.explain?.(entry.frame, entry.label).because;
      const { anomaly: _, because: __, ...kept } = entry;
      return { ...kept, kind: event.kind, name: event.name, ...defined({ because }) };
    }),
  };
}

function keep(transcript: Transcript, path: string): void {
  const write = (): void => writeFileSync(path, `${visibleJson(transcript, 2)}\n`);
  orUserError(write, "cannot write the transcript", "choose another file with --save");
}

function readTranscript(path: string, shown: string): Transcript {
  const read = (): unknown => JSON.parse(readFileSync(path, "utf8"));
  const data = orUserError(read, `cannot read the transcript ${shown}`);
  const { version, entries } = (data ?? {}) as Partial<Transcript>;
  if (version !== TRANSCRIPT_VERSION || !Array.isArray(entries))
    throw new UserError(`${shown} is not a transcript of this version`, "make one with `gp-load try --save`");
  return data as Transcript;
}
