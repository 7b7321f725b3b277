// Fingerprints of texts: enough to tell whether a text contains another, without keeping them.

import type { Fingerprint } from "../../../model/turn/turn.js";

const BASE = 16_777_619;

/**
 * How much white space there is does not count, because stores and proxies re-wrap; nothing else is forgiven. One pass, no
 * copy.
 */
export function fingerprintOf(text: string): Fingerprint {
  let hash = 0;
  let length = 0;
  let gaps = 0;
  /** The last character that is no white space; -1 for none. */
  let last = -1;
  let spaced = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) {
      spaced = true;
      continue;
    }
    if (spaced && startsWord(last, code)) gaps++;
    spaced = false;
    last = code;
    hash = (Math.imul(hash, BASE) + code) | 0;
    length++;
  }
  return { length, hash, gaps };
}

type Spaced = Pick<Fingerprint, "gaps">;

/** Between these two characters, a word ends and one in small letters, or a number, begins. */
function startsWord(before: number, after: number): boolean {
  return isSmall(after) && isOfWord(before);
}

/**
 * Whether the words of two texts, alike but for their white space, are as much apart: pieces that were trimmed run together.
 * A few breaks may be lost where parts of an answer are joined.
 */
function isSpacedAlike({ gaps: one }: Spaced, { gaps: other }: Spaced): boolean {
  if (one === undefined || other === undefined) return true;
  return Math.abs(one - other) <= Math.max(2, Math.max(one, other) * 0.05);
}

/**
 * Whether `text` contains the fingerprinted text (services prepend dates and append notes).
 * Only an empty text contains an empty one.
 */
export function contains(text: string, wanted: Fingerprint): boolean {
  return stands(text, wanted, () => true);
}

/**
 * The same, but no sentence of `text` may start before it or continue after it: otherwise the first or last piece of the
 * fingerprinted text was lost.
 */
export function containsWhole(text: string, wanted: Fingerprint): boolean {
  const end = text.trimEnd().length;
  return stands(
    text,
    wanted,
    ({ before, from, to }) => !goesOn(text, before, from) && !goesOn(text, to, end),
  );
}

/**
 * Whether one of two texts equals or contains the other, ignoring white space.
 * @param within how to check for containment
 */
export function holdsOther(one: string, other: string, within = contains): boolean {
  const [a, b] = [fingerprintOf(one), fingerprintOf(other)];
  return a.length >= b.length ? within(one, b) : within(other, a);
}

function stands(text: string, wanted: Fingerprint, fits: (place: Place) => boolean): boolean {
  const whole = fingerprintOf(text);
  if (whole.length === wanted.length || wanted.length === 0)
    return whole.length === wanted.length && whole.hash === wanted.hash && isSpacedAlike(whole, wanted);
  if (whole.length < wanted.length) return false;
  for (const place of places(text, wanted)) if (isSpacedAlike(place, wanted) && fits(place)) return true;
  return false;
}

/** Position of one text in another, as character indices; white space is skipped. */
interface Place {
  /** The character before it; -1 at the start. */
  readonly before: number;
  /** Its first character. */
  readonly from: number;
  /** Its last character. */
  readonly to: number;
  readonly gaps: number;
}

/** A rolling hash over every window of the wanted length. */
function* places(text: string, wanted: Fingerprint): Generator<Place> {
  const at: number[] = [];
  /** Gaps up to each of these characters. */
  const gaps: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (isSpace(text.charCodeAt(i))) continue;
    const before = at.at(-1) ?? i - 1;
    const isGap = before < i - 1 && startsWord(text.charCodeAt(before), text.charCodeAt(i));
    gaps.push((gaps.at(-1) ?? 0) + (isGap ? 1 : 0));
    at.push(i);
  }
  let lead = 1;
  for (let i = 1; i < wanted.length; i++) lead = Math.imul(lead, BASE);
  let hash = 0;
  for (const [i, to] of at.entries()) {
    const first = i - wanted.length + 1;
    const before = at[first - 1] ?? -1;
    if (first > 0) hash = (hash - Math.imul(text.charCodeAt(before), lead)) | 0;
    hash = (Math.imul(hash, BASE) + text.charCodeAt(to)) | 0;
    if (first >= 0 && hash === wanted.hash)
      yield { before, from: at[first] ?? 0, to, gaps: (gaps[i] ?? 0) - (gaps[first] ?? 0) };
  }
}

/**
 * The rest of a word, or the next word on the same line, even after a comma. A capital letter starts something new.
 */
const NEXT_WORD =
  /^(?:[\p{L}\p{N}](?:[,;]?[ \u00a0]?\p{Ll}|[\p{Lo}\p{N}]|['’-][\p{L}\p{N}])|[,;][ \u00a0]?\p{Ll}|-[\p{L}\p{N}])/u;
/** Only the punctuation at the end of the sentence is left. */
const LAST_MARK = /^[\p{L}\p{N}][.!?]{1,3}$/u;

/** Whether a sentence continues after the character at `index`. @param end end of the following text */
function goesOn(text: string, index: number, end: number): boolean {
  if (index < 0) return false;
  return (
    NEXT_WORD.test(text.slice(index, index + 4)) ||
    LAST_MARK.test(text.slice(index, Math.min(end, index + 5)))
  );
}

/** A small letter or a digit, of scripts that put blanks between words. */
function isSmall(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 0xdf && code < 0x590);
}

function isOfWord(code: number): boolean {
  return isSmall(code) || (code >= 65 && code <= 90) || (code >= 0xc0 && code < 0xdf);
}

/** Space, tab, line breaks and the no-break space. Most characters are greater than all but the last. */
function isSpace(code: number): boolean {
  return code > 32 ? code === 160 : code === 32 || (code >= 9 && code <= 13);
}
