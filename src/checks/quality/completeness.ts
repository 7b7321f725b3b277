// Completeness: whether a text is finished, or was cut off.

/** The end of a sentence, and what may follow: quotes, brackets, an emoji. */
const SENTENCE_END = /[.!?…。！？](?:["')\]}*_\s]|\p{Extended_Pictographic}|\ufe0f){0,8}$/u;
const LIST_ITEM = /^ {0,12}(?:[-*+•]|\d{1,3}[.)])(?: |$)/;
const TABLE_ROW = /^\|.{0,4000}\|$/;
const TAIL = 2000;

/** Why a text looks cut off, if it does. @param text without its reference */
export function cutOffBy(text: string): string | undefined {
  const ended = text.trimEnd();
  if (ended === "") return "it is empty";
  if (fences(ended) % 2 === 1) return "a block of code is not closed";
  const lines = ended.slice(-TAIL).split("\n");
  const last = (lines.at(-1) ?? "").trim();
  if (/^(?:[-*+•]|\d{1,3}[.)])$/.test(last)) return "its last list item is empty";
  if (last === "```" || SENTENCE_END.test(last) || TABLE_ROW.test(last)) return undefined;
  if (isListOfFragments(lines) || endsOtherwise(lines, last)) return undefined;
  return last.endsWith(":") ? "it ends where a list should begin" : "it ends in the middle of a sentence";
}

const CLOSING =
  /^(?:(?:best|kind|warm|many) (?:regards|wishes|thanks)|regards|sincerely|yours(?: \w+)?|thanks(?: again)?|thank you|cheers|respectfully|love|with (?:kind|best|warm) \w+|all the best|take care)[,!]?$/i;
/** Most lines from closing words to signature. */
const SIGNATURE_LINES = 6;
/** A quoted title, something in brackets, a line of code or mathematics, a link, a hashtag. */
const CLOSED_LINE =
  /^"[^"]+"$|^'[^']+'$|[{}\])>$]$|[=(){}<>"].*;$|^(?:end|return|break|pass|fi|done)\b[^.]{0,60}$|(?:https?:\/\/|www\.)\S+$|(?:^|\s)#\w+$/;
/** A label and its value, or the result of a calculation. */
const RESULT =
  /^[^.!?]{0,60}[:=\u2248] ?[-+]?[$\u20ac\u00a3]?\d[\d.,:/\u2013-]*(?: ?%| ?[A-Za-z\u00b0/]{1,12}\d?)?$/;
const MAX_SINGLE_WORDS = 3;
const MAX_TITLE_WORDS = 10;
const LEAST_LETTERS = 3;
/** Longer lines are sentences with a line break, not verses or entries. */
const LONGEST_FRAGMENT = 60;

/** Endings without a full stop that are not cut off: a signature, title, code, figure, drawing, single word, verse. */
function endsOtherwise(lines: readonly string[], last: string): boolean {
  if (/[,:(-]$/.test(last)) return false;
  const said = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (said.length === 1) return isAnswerInAWord(last) || CLOSED_LINE.test(last) || RESULT.test(last);
  // The number of a list item that was to come.
  if (/^\d{1,3}$/.test(last)) return false;
  if (CLOSED_LINE.test(last) || RESULT.test(last) || !hasManyLetters(last)) return true;
  if (said.slice(-SIGNATURE_LINES, -1).some((line) => CLOSING.test(line))) return true;
  return isVerse(said);
}

/** One to three words, or a title; anything shorter is the rest of a longer text. */
function isAnswerInAWord(line: string): boolean {
  const words = line.split(/\s+/);
  if (words.length > MAX_TITLE_WORDS || line.length > LONGEST_FRAGMENT) return false;
  if (words.length > MAX_SINGLE_WORDS)
    return words.every((word) => word.length < LEAST_LETTERS + 1 || /^[\p{Lu}\p{N}]/u.test(word));
  return line.length >= LEAST_LETTERS || /^(?:\d+|no)$/i.test(line) || !hasManyLetters(line);
}

/** A line of mostly symbols or figures is part of a drawing or a calculation. */
function hasManyLetters(line: string): boolean {
  const letters = line.match(/\p{L}/gu)?.length ?? 0;
  return letters > 0.3 * line.replace(/\s/g, "").length;
}

/** Short lines, none of which ends like a sentence: verses, entries, an outline. */
function isVerse(lines: readonly string[]): boolean {
  const near = lines.slice(-5);
  return (
    near.length >= 3 &&
    near.every((line) => line.length <= LONGEST_FRAGMENT && !LIST_ITEM.test(line) && !SENTENCE_END.test(line))
  );
}

/** List items may lack a full stop if the others do. */
function isListOfFragments(lines: readonly string[]): boolean {
  const items = lines.filter((line) => LIST_ITEM.test(line));
  if (items.length < 3 || items.at(-1) !== lines.at(-1)) return false;
  const stopped = items.slice(0, -1).filter((line) => SENTENCE_END.test(line.trimEnd()));
  return stopped.length === 0;
}

function fences(text: string): number {
  return text.match(/^ {0,3}```/gm)?.length ?? 0;
}
