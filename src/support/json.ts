// JSON as services write it, in which whole numbers that a double cannot hold keep all their digits; and JSON that hides
// no character and turns no text around, so that any terminal may show what came from elsewhere.

/** Digits from which on a whole number may be beyond 2^53. */
const LONG = 16;
const MAY_HOLD_LONG = /(?:^|[:,[\s-])\d{16}/;
const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;

/**
 * The value of a JSON text. A whole number beyond ±(2^53 - 1), such as a 64-bit id, becomes a text of its digits:
 * rounded to a double it would be equal to its neighbours.
 * @throws SyntaxError for what is not JSON
 */
export function parseJson(text: string): unknown {
  return JSON.parse(holdsDigitsInARow(text) && MAY_HOLD_LONG.test(text) ? withLongNumbersQuoted(text) : text);
}

/** Whether so many digits stand in a row: they cover one of every so many places, and no other place need be read. */
function holdsDigitsInARow(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let from = at;
    while (isDigit(text.charCodeAt(from - 1))) from--;
    let to = at + 1;
    while (isDigit(text.charCodeAt(to))) to++;
    if (to - from >= LONG) return true;
  }
  return false;
}

function withLongNumbersQuoted(text: string): string {
  let made = "";
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (isDigit(code)) {
      const end = endOfNumber(text, at);
      const start = text.charCodeAt(at - 1) === MINUS ? at - 1 : at;
      if (isLong(text, at, end)) {
        made += `${text.slice(copied, start)}"${text.slice(start, end)}"`;
        copied = end;
      }
      at = end;
    } else at++;
  }
  return made === "" ? text : made + text.slice(copied);
}

function isLong(text: string, from: number, to: number): boolean {
  if (to - from < LONG) return false;
  for (let at = from; at < to; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return !Number.isSafeInteger(Number(text.slice(from, to)));
}

/** @returns where the string that starts at `from` is over; the end of the text where it is not closed */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** Past the digits, and past a fraction and an exponent. */
function endOfNumber(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\d.eE+-]/.test(text[at] ?? "")) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Control characters that JSON leaves as they are (DEL, C1), line separators, and those that change the direction of text. */
const INVISIBLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** As `JSON.stringify`, with these characters as `\\u` escapes: the same value to every reader. */
export function visibleJson(value: unknown, indent = 0): string {
  return escapeInvisible(JSON.stringify(value, null, indent) ?? "null");
}

/** The same for a JSON text. */
export function escapeInvisible(json: string): string {
  return json.replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text for people in which each of these characters is one replacement character. */
export function replaceInvisible(text: string): string {
  return text.replace(INVISIBLE, "\ufffd");
}
