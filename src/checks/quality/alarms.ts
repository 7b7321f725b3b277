// Alarms: what an answer must never be, whatever it scores; the first that applies is the one that counts.
import type { Judged } from "./judged.js";
import { ERRORS, PLATITUDES, REFUSALS, STAND_INS, TRACES } from "./phrases.js";

/** Code → what is wrong, in the order in which they are tried. */
export const ALARMS = {
  empty: "answers are empty",
  "error-text": "answers are the text of an error",
  echo: "answers only repeat their prompt",
  fallback: "answers are a stand-in of the service",
  refusal: "answers refuse",
  canned: "answers are boilerplate that fits any question",
} as const;

export type Alarm = keyof typeof ALARMS;

/** Share of an answer's words that may be quoted from its prompt, when little is said beside them. */
const ECHO_SHARE = 0.6;
/** Different words beside a quotation that make it an answer again. */
const ECHO_NEW_WORDS = 12;
/** Where an answer of so many new words uses its prompt's figures, a turn of phrase is no more than that. */
const SUBSTANTIAL_WORDS = 40;

export function alarmOf(judged: Judged): Alarm | undefined {
  if (judged.words.length === 0) return judged.text === "" || !isQuotation(judged) ? "empty" : "echo";
  const text = judged.text.toLowerCase();
  if (anyIn(text, TRACES) || (!isSubstantial(judged) && anyIn(text, ERRORS))) return "error-text";
  if (isEcho(judged)) return "echo";
  if (isSubstantial(judged)) return undefined;
  if (anyIn(text, STAND_INS)) return "fallback";
  if (anyIn(text, REFUSALS)) return "refusal";
  return PLATITUDES.filter((phrase) => text.includes(phrase)).length >= 2 ? "canned" : undefined;
}

function isSubstantial({ substance, relevance }: Judged): boolean {
  const used = relevance.figuresDemanded === 0 || relevance.figures > 0;
  return substance.newWords >= SUBSTANTIAL_WORDS && used;
}

/** Word for word the prompt, or so much of it that hardly anything else is left. */
function isEcho(judged: Judged): boolean {
  if (isQuotation(judged)) return true;
  const quoted = 1 - judged.own.length / judged.words.length;
  return quoted >= ECHO_SHARE && judged.substance.newWords < ECHO_NEW_WORDS;
}

function isQuotation({ text, prompt, words, promptWords }: Judged): boolean {
  if (text === prompt) return true;
  return words.length > 0 && words.length === promptWords.length && words.join(" ") === promptWords.join(" ");
}

function anyIn(text: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
