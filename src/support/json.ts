// Parses JSON without losing digits of large whole numbers, and writes JSON without invisible or direction-changing
// characters, safe to show on any terminal.

/** Whole numbers with this many digits may exceed 2^53. */
const LONG = 16;
const MAY_HOLD_LONG = /(?:^|[:,[\s-])\d{16}/;
const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;

/**
 * A whole number beyond ±(2^53 - 1), such as a 64-bit id, becomes a string of its digits: rounded to a double, it would
 * equal its neighbours. @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return JSON.parse(holdsDigitsInARow(text) && MAY_HOLD_LONG.test(text) ? withLongNumbersQuoted(text) : text);
}

/** The value of a JSON text; `undefined` if it is not JSON. @param parse one that keeps long numbers, if they matter */
export function jsonOrNothing(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
  // Not `tried`: every frame would need a closure.
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON object, or any other object that is not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether there are LONG digits in a row: it is enough to look at every LONG-th character. */
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

/** @returns the end of the string that starts at `from`; the end of the text if it is not closed */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** After digits, fraction and exponent. */
function endOfNumber(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\d.eE+-]/.test(text[at] ?? "")) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Control characters that JSON does not escape (DEL, C1), line separators, and characters that change text direction. */
const INVISIBLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Like `JSON.stringify`, with these characters escaped: the same value to every reader. */
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

/** Replaces each of these characters in a text for people. */
export function replaceInvisible(text: string): string {
  return text.replace(INVISIBLE, "\ufffd");
}
