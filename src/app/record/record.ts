// Records a chat with a backend: runs the proxy, says what to type, and writes the file once it has seen enough.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nowUs } from "../../support/clock.js";
import { EXIT, type ExitCode, UserError } from "../../support/errors.js";
import { formatUs } from "../../support/units.js";
import type { AppContext } from "../context.js";
import { tell } from "../stdout.js";
import { type Described, describe } from "./describe.js";
import { openRecordingProxy } from "./proxy.js";
import { Recording } from "./recording.js";
import { findTurns, type RecordedTurns } from "./turns.js";

export interface RecordOptions {
  readonly target: URL;
  readonly port: number;
  readonly out: string;
  /** What the user types, in this order. */
  readonly texts: readonly string[];
  /** Stops after this many turns; 0 for never. */
  readonly turns: number;
  /** Stops after this time. */
  readonly withinUs: number;
  readonly insecure: boolean;
}

/** Plain sentences that appear in no other message and that any agent can answer. */
export const SENTENCES = [
  "Please tell me in two sentences how amber lanterns are made.",
  "Thank you. And what would seventeen copper kettles weigh?",
] as const;

const LOOK_MS = 250;
/** Silence after the last turn before it stops. */
const QUIET_US = 2_000_000;

export async function record(options: RecordOptions, context: AppContext): Promise<ExitCode> {
  const recording = new Recording();
  const troubles = new Set<string>();
  const proxy = await openRecordingProxy({
    ...options,
    recording,
    onTrouble(message) {
      if (troubles.size < 20 && !troubles.has(message)) context.stderr(`! ${message}\n`);
      troubles.add(message);
    },
  });
  const ended = new AbortController();
  const ignore = context.onInterrupt?.(() => ended.abort());
  try {
    tell(instructions(proxy.url, options, context.ask !== undefined), context);
    if (context.ask) void context.ask("").then(() => ended.abort());
    await untilEnough(recording, options, ended.signal, context);
  } finally {
    ignore?.();
    await proxy.close();
  }
  return write(recording, options, context);
}

function instructions(url: string, { target, texts, turns, withinUs }: RecordOptions, asks: boolean): string {
  const lines = [
    `recording: ${url} → ${target.origin}`,
    "",
    `1. Open ${url} in the browser, or point your client there instead of ${target.origin}; log in as always.`,
    "2. Begin a new conversation, and send these, one after the other; wait for each answer:",
    "",
    ...texts.map((text) => `     ${text}`),
    "",
    "3. Open the conversation again (reload the page), so that it is seen how it is read back.",
    `4. ${asks ? "Press Enter or Ctrl-C" : "Press Ctrl-C"}${turns > 0 ? `; it also ends by itself after ${turns} turns` : ""}, and after ${formatUs(withinUs)} at the latest.`,
    "",
  ];
  return `${lines.join("\n")}\n`;
}

async function untilEnough(
  recording: Recording,
  { texts, turns, withinUs }: RecordOptions,
  signal: AbortSignal,
  { stdout }: AppContext,
): Promise<void> {
  const endUs = nowUs() + withinUs;
  let told = 0;
  while (!signal.aborted && nowUs() < endUs) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    const found = findTurns(recording, texts);
    const seen = found?.turns.length ?? 0;
    for (; told < seen; told++) stdout(`✓ message ${told + 1} of ${texts.length} was seen\n`);
    if (
      turns > 0 &&
      found &&
      seen >= Math.min(turns, texts.length) &&
      hasEnded(found) &&
      nowUs() - recording.lastUs > QUIET_US
    )
      return;
  }
}

/** Whether the last turn ended like the one before: its stream is over, or a frame like that one's last frame arrived. */
function hasEnded({ turns, transport }: RecordedTurns): boolean {
  const last = turns.at(-1);
  if (!last || last.frames.length === 0) return false;
  if (transport === "sse") return last.ended;
  const before = turns.at(-2)?.frames.length ?? 1;
  return last.frames.length >= before / 2;
}

function write(recording: Recording, options: RecordOptions, context: AppContext): ExitCode {
  const { out, texts, target } = options;
  const url = target.href.replace(/\/$/, "");
  const described = describe(recording, texts, url, out);
  if (!described) {
    const seen = recording.exchanges.length + recording.sockets.length;
    throw new UserError(
      seen === 0
        ? "nothing came to the recorder"
        : "none of the sentences was seen on its way to the backend",
      seen === 0
        ? "open the recorder's address in the browser, not the backend's"
        : "the chat may talk to another address than the recorder's: set its API's URL to that; or give what you typed with --text",
    );
  }
  writeFileSync(resolve(context.cwd, out), described.text);
  tell(summary(described, options, recording.cut), context);
  return EXIT.pass;
}

function summary(
  { profile, kinds, unrecognised, turns, told, missing }: Described,
  { out, texts }: RecordOptions,
  cut: boolean,
): string {
  const lines = [
    `${out}: written, and sound`,
    `  profile: ${profile}`,
    ...told.map((line) => `  ${line}`),
    `  events: ${kinds.join(", ")}`,
    ...(unrecognised > 0 ? [`! ${unrecognised} frames are not recognised`] : []),
    ...(turns < texts.length
      ? [`! only ${turns} of ${texts.length} messages were seen: ids are guessed`]
      : []),
    ...(cut ? ["! there was more than is kept: what came last is missing"] : []),
    ...missing.map((name) => `! set ${name} in the environment`),
    `next: gp-load try -f ${out}`,
  ];
  return `${lines.join("\n")}\n`;
}
