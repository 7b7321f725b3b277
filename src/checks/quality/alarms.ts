// Alarms: what an answer must never be, whatever its score; the first that applies counts.
import type { Judged } from "./judged.js";

const REFUSALS: readonly RegExp[] = [
  /\bas an ai(?: language)? (?:model|assistant)\b/,
  /\b(?:i am|i'm|we are) (?:sorry|afraid|unable|not able)\b[^.!?\n]{0,60}\b(?:help|assist|answer|provide|comply|do that|fulfil)/,
  /\bi (?:cannot|can't|can not|could not|couldn't|won't|will not|do not feel able to) (?:help|assist|answer|comply|provide|discuss|fulfil)/,
  /\b(?:against|violates) (?:my|our) (?:policy|policies|guidelines|programming)\b/,
  /\bi (?:must|have to) (?:decline|refuse)\b/,
];

/** Each fits any question; two of them in a text without figures of its prompt are boilerplate. */
const PLATITUDES: readonly string[] = [
  "thank you for your question",
  "thank you for reaching out",
  "great question",
  "many factors to consider",
  "variety of factors",
  "every situation is different",
  "every business is different",
  "there is no one-size-fits-all",
  "it depends on many",
  "look at the big picture",
  "follow best practices",
  "involve all stakeholders",
  "do not hesitate to",
  "don't hesitate to",
  "feel free to ask",
  "interesting subject",
  "please consult a professional",
  "i hope this helps",
  "let me know if you have any",
];

/** Replacements by services for an answer that they could not get. */
const STAND_INS: readonly RegExp[] = [
  /\bmock(?:ed)? [^\n]{0,60}\bresponse\b/,
  /\((?:timeout )?fallback\)/,
  /\bfallback (?:response|answer|mode)\b/,
  /\bsuccessfully processed\b/,
  /\bdegraded mode\b/,
  /\bplaceholder (?:response|answer|text)\b/,
  /\blorem ipsum\b/,
  /\b(?:temporarily|currently) unavailable\b/,
];

/** Traces of internals. */
const TRACES: readonly RegExp[] = [
  /^ {0,16}at [^\n]{1,200}:\d{1,7}:\d{1,7}\)?$/m,
  /\btraceback \(most recent call last\)/,
  /^ {0,16}file "[^"\n]{1,200}", line \d{1,7}/m,
  /\bexception in thread "/,
  /\bgoroutine \d{1,9} \[/,
];

/** Error messages; only count if nothing else is said. */
const ERRORS: readonly RegExp[] = [
  /^\W{0,3}(?:[a-z]{0,40}error|[a-z]{0,40}exception)\b ?[:(]/,
  /\binternal server error\b/,
  /\bbad gateway\b/,
  /\bservice unavailable\b/,
  /\bsomething went wrong\b/,
  /\ban (?:unexpected |internal )?error (?:has )?occurred\b/,
  /^\{ ?"(?:error|detail|message)"/,
  /\brate limit exceeded\b/,
];

/** Code → what is wrong, in the order tried. */
export const ALARMS = {
  empty: "answers are empty",
  "error-text": "answers are the text of an error",
  echo: "answers only repeat their prompt",
  fallback: "answers are a stand-in of the service",
  refusal: "answers refuse",
  canned: "answers are boilerplate that fits any question",
} as const;

export type Alarm = keyof typeof ALARMS;

/** Share of an answer's words that may be quoted from its prompt, if little else is said. */
const ECHO_SHARE = 0.6;
/** Share of the prompt's words that an echo repeats, and how many of its first words. */
const ECHOED_SHARE = 0.6;
const BEGINNING = 5;
const PICTURE = /\p{Extended_Pictographic}/u;
const LEAST_SIGNS = 3;
/** With this many other words, a quotation counts as an answer. */
const ECHO_NEW_WORDS = 12;
/** An answer with this many new words and figures of its prompt may contain a stock phrase. */
const SUBSTANTIAL_WORDS = 40;

export function alarmOf(judged: Judged): Alarm | undefined {
  if (judged.words.length === 0) return wordless(judged);
  const text = judged.text.toLowerCase();
  if (anyIn(text, TRACES) || (!isSubstantial(judged) && anyIn(text, ERRORS))) return "error-text";
  if (isEcho(judged)) return "echo";
  if (isSubstantial(judged)) return undefined;
  if (anyIn(text, STAND_INS)) return "fallback";
  if (anyIn(text, REFUSALS)) return "refusal";
  return PLATITUDES.filter((phrase) => text.includes(phrase)).length >= 2 ? "canned" : undefined;
}

/** An emoji, or a drawing of symbols, may be all that was asked for. */
function wordless(judged: Judged): Alarm | undefined {
  if (judged.text !== "" && isQuotation(judged)) return "echo";
  const signs = new Set(judged.text.replace(/\s/g, ""));
  return PICTURE.test(judged.text) || signs.size >= LEAST_SIGNS ? undefined : "empty";
}

function isSubstantial({ substance, relevance }: Judged): boolean {
  const used = relevance.figuresDemanded === 0 || relevance.figures > 0;
  return substance.newWords >= SUBSTANTIAL_WORDS && used;
}

/**
 * Word for word the prompt, or so much of it, its start included, that hardly anything else is left. Quoting a part of the
 * prompt, such as a name to find in it, is fine.
 */
function isEcho(judged: Judged): boolean {
  if (isQuotation(judged)) return true;
  const { words, own, promptWords, substance } = judged;
  const quoted = words.length - own.length;
  if (quoted < ECHO_SHARE * words.length || substance.newWords >= ECHO_NEW_WORDS) return false;
  const beginning = promptWords.slice(0, BEGINNING).join(" ");
  return quoted >= ECHOED_SHARE * promptWords.length && ` ${words.join(" ")} `.includes(` ${beginning} `);
}

function isQuotation({ text, prompt, words, promptWords }: Judged): boolean {
  if (text === prompt) return true;
  return words.length > 0 && words.length === promptWords.length && words.join(" ") === promptWords.join(" ");
}

function anyIn(text: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
