// Check `clear-errors`: a user without an answer got an error instead, in time and in plain words.
import { z } from "zod";
import type { SettledTurn } from "../model/turn/turn.js";
import { duration } from "../scenarios/schema/fields.js";
import { formatUs } from "../support/units.js";
import { type CheckTally, defineTallyCheck, whereOf } from "./check.js";
import { shortened } from "./quality/evidence.js";

type Unreadable = "unreadable" | "stack-trace" | "raw-data";

/** Fewer letters can name an error, but not explain it. */
const MIN_LETTERS = 8;

/** Stack traces and exceptions of common languages, memory addresses, source positions, and system error codes. */
const TRACES: readonly RegExp[] = [
  /^[^\S\r\n]*at \S.{0,150}\((?:[^()\s]{1,200}:\d+|native|<anonymous>)\)/m,
  /Traceback \(most recent call last\)/,
  /\bFile "[^"\n]{1,200}", line \d+/,
  /\b[A-Z][A-Za-z]*(?:Error|Exception)\b(?=\s*[:(\n]|$)/m,
  /\bgoroutine \d+ \[/,
  /\bpanicked at\b/,
  /\b0x[0-9a-f]{6,}\b/i,
  /[\w-]\.(?:[cm]?[jt]sx?|py|go|java|kt|rb|rs|php|cs):\d+/,
  /\bE(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|PIPE|HOSTUNREACH|AI_AGAIN)\b/,
];

const DATA: readonly RegExp[] = [
  /^\s*[[{].*[\]}]\s*$/s,
  /<(?:!doctype|html|head|body|pre)\b/i,
  /\[object \w+\]/,
  /\b(?:SELECT\b[^\n]{1,200}\bFROM|INSERT INTO|DELETE FROM)\b/,
];

/** @param text as shown to a user, at most a few hundred characters. @returns `undefined` if a person can read it */
export function unreadable(text: string | undefined): Unreadable | undefined {
  if (text === undefined) return "unreadable";
  if (TRACES.some((trace) => trace.test(text))) return "stack-trace";
  if (DATA.some((data) => data.test(text))) return "raw-data";
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  // A single identifier, such as `model_timeout`, is a code.
  return letters < MIN_LETTERS || /^[\w.:/-]+$/.test(text.trim()) ? "unreadable" : undefined;
}

const WITHIN_US = 10_000_000;

const FAULTS: Readonly<Record<Unreadable, readonly [message: string, expected: string]>> = {
  unreadable: ["users got an error without a readable message", "a sentence for people"],
  "stack-trace": ["users were shown a stack trace or an exception", "a sentence, and nothing of the code"],
  "raw-data": ["users were shown data for machines in place of words", "a sentence, and no data"],
};

const schema = z
  .strictObject({
    within: duration("Longest time from a message to the error that answers it", "10s").default(WITHIN_US),
  })
  .prefault({});

export const clearErrors = defineTallyCheck("clear-errors", {
  summary: "a user who gets no answer gets an error in time, in readable words and without a stack trace",
  schema,
  start: (tally, { within }) => ({ turn: (turn) => judgeTurn(turn, within, tally) }),
  judge: ({ counters: { seen = 0 } }, { status }) =>
    status === "no-data" && seen > 0
      ? { status: "not-checked", note: "no turn failed, was refused or lost" }
      : undefined,
});

/** For turns without an answer; each is reported at most once, by its worst problem. Turns never sent do not count. */
function judgeTurn(turn: SettledTurn, withinUs: number, tally: CheckTally): void {
  const { outcome, reason, told, terminalUs, intendedUs } = turn;
  tally.add("seen");
  const refused = outcome === "rejected" || (outcome === "failed" && reason === "error_event");
  if (!refused && outcome !== "lost") return;
  tally.add("turns");
  const where = whereOf(turn);
  if (!refused) {
    const message = "users got neither an answer nor an error";
    const evidence = { ...where, expected: "an answer or an error", seen: `nothing (${reason ?? "lost"})` };
    tally.find("silence", "fail", message, 1, evidence);
    return;
  }
  const fault = unreadable(told);
  if (fault) {
    const [message, expected] = FAULTS[fault];
    tally.find(fault, "fail", message, 1, { ...where, expected, seen: shortened(told ?? "") });
  } else if (terminalUs - intendedUs > withinUs) {
    tally.find("late-error", "fail", "users got an error late", 1, {
      ...where,
      expected: `within ${formatUs(withinUs)}`,
      seen: `after ${formatUs(terminalUs - intendedUs)}`,
    });
  }
}
