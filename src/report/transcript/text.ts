// Renders a transcript for a terminal or a log: one line per entry, then the result and what would help.
import { Chalk, type ChalkInstance } from "chalk";
import type { Finding } from "../../model/turn/finding.js";
import {
  type FrameEntry,
  isGoodTurn,
  type Transcript,
  type TranscriptEntry,
  type TurnEntry,
} from "../../model/turn/transcript.js";
import { oneLine, shorten } from "../../support/text.js";
import { inWords } from "../text/turn-words.js";
import { formatMs } from "../text/wording.js";
import { suggestedOptions, unrecognisedIn } from "./suggestions.js";

const LONGEST_FRAME = 160;

export interface TranscriptTextOptions {
  readonly colour: boolean;
  /** Whole frames instead of their starts. */
  readonly whole: boolean;
}

export function renderTranscript(transcript: Transcript, options: TranscriptTextOptions): string {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  const cut = (text: string): string => (options.whole ? oneLine(text) : shorten(text, LONGEST_FRAME));
  const lines = transcript.entries.flatMap((entry) => entryLines(entry, cut, paint));
  const left = transcript.left > 0 ? [paint.dim(`… and ${transcript.left} more`)] : [];
  return `${[...lines, ...left, "", ...verdictLines(transcript, paint)].join("\n")}\n`;
}

function entryLines(entry: TranscriptEntry, cut: (text: string) => string, paint: ChalkInstance): string[] {
  const at = paint.dim(`${(entry.atMs / 1000).toFixed(3).padStart(8)}s`);
  switch (entry.type) {
    case "request": {
      const status = entry.status === 0 ? paint.red("no answer") : String(entry.status);
      const line = `${at}  ${entry.method} ${oneLine(entry.url)} → ${status} in ${formatMs(entry.tookMs)}`;
      const bad = entry.status < 200 || entry.status >= 300;
      return bad ? [line, `           ${paint.yellow(cut(entry.answer))}`] : [line];
    }
    case "channel":
      return [`${at}  ${paint.bold(entry.what)} ${cut(entry.text)}`.trimEnd()];
    case "sent":
      return [`${at}  ${paint.cyan("→")} ${cut(entry.frame)}`];
    case "frame":
      return receivedLines(entry, at, cut, paint);
    case "turn":
      return [`${at}  ${turnLine(entry, paint)}`];
  }
}

function receivedLines(
  entry: FrameEntry,
  at: string,
  cut: (text: string) => string,
  paint: ChalkInstance,
): string[] {
  const strange = entry.kind === "unrecognised" || entry.anomaly !== undefined;
  const kind = (strange ? paint.yellow : paint.green)(entry.kind.padEnd(15));
  const ids = Object.entries(entry.ids).map(([name, id]) => `${name} ${shortId(id)}`);
  const facts = [
    ...(entry.label === undefined ? [] : [`label ${oneLine(entry.label)}`]),
    ...(entry.because === undefined ? [] : [`because ${oneLine(entry.because)}`]),
    ...ids,
    ...(entry.anomaly === undefined ? [] : [paint.yellow(`counted as ${inWords(entry.anomaly)}`)]),
  ];
  return [
    `${at}  ← ${kind} ${cut(entry.frame)}`,
    ...(facts.length === 0 ? [] : [paint.dim(`             ${facts.join(" · ")}`)]),
  ];
}

function turnLine(entry: TurnEntry, paint: ChalkInstance): string {
  const good = isGoodTurn(entry);
  const facts = [
    entry.reason === undefined ? inWords(entry.outcome) : `${inWords(entry.outcome)} (${entry.reason})`,
    ...(entry.startedMs === undefined ? [] : [`started after ${formatMs(entry.startedMs)}`]),
    ...(entry.endedMs === undefined ? [] : [`ended after ${formatMs(entry.endedMs)}`]),
    ...(entry.missing.length === 0 ? [] : [`missing: ${entry.missing.join(", ")}`]),
    `answer in the history: ${entry.stored}`,
    ...(entry.traceId === undefined ? [] : [`trace ${entry.traceId}`]),
  ];
  return `${(good ? paint.green : paint.red)(good ? "✓" : "✗")} ${paint.bold(`turn ${entry.turn}`)} ${facts.join(" · ")}`;
}

function verdictLines(transcript: Transcript, paint: ChalkInstance): string[] {
  const lines = transcript.problems.map((problem) => `${paint.red("✗")} ${oneLine(problem)}`);
  lines.push(...(transcript.notes ?? []).map((note) => `${paint.yellow("!")} ${oneLine(note)}`));
  lines.push(...(transcript.findings ?? []).map((finding) => findingLine(finding, paint)));
  const turns = transcript.entries.filter((entry) => entry.type === "turn");
  const frames = transcript.entries.filter((entry) => entry.type === "frame");
  const known = frames.filter(({ kind }) => kind !== "unrecognised").length;
  lines.push(`${frames.length} frames, ${known} recognised; ${turns.length} turns`);
  const shortfall = shortfallText(transcript, turns.length);
  if (shortfall !== undefined) lines.push(`${paint.red("✗")} ${shortfall}`);
  const strange = unrecognisedIn(transcript);
  for (const { name, count, guess } of strange) {
    lines.push(
      `${paint.yellow("!")} unrecognised ${oneLine(name) || "frame"} seen ${count} times: map it to ${guess}?`,
    );
  }
  const options = suggestedOptions(strange);
  return options === ""
    ? lines
    : [...lines, "", paint.dim("options of the target that would help (check each guess):"), options];
}

function findingLine(
  { check, code, severity, count, message, evidence }: Finding,
  paint: ChalkInstance,
): string {
  const mark = severity === "fail" ? paint.red("✗") : paint.yellow("!");
  const [first] = evidence;
  const seen = first?.seen === undefined ? "" : `: expected ${first.expected ?? "none"}, saw ${first.seen}`;
  return `${mark} ${check}/${code} × ${count}: ${oneLine(`${message}${seen}`)}`;
}

/** Why there are fewer turns than requested; `undefined` if there are not, or if none could start. */
function shortfallText({ asked, interrupted, problems }: Transcript, turns: number): string | undefined {
  if (interrupted) return `interrupted: ${turns} of the ${asked} turns requested`;
  if (turns >= asked || problems.length > 0) return undefined;
  return `only ${turns} of the ${asked} turns requested: the journey has no more, or could not continue`;
}

/** Enough of an id to distinguish it from its neighbours. */
function shortId(id: string): string {
  const clean = oneLine(id);
  return clean.length <= 24 ? clean : `${clean.slice(0, 13)}…`;
}
