// Fingerprints of texts: enough to tell whether a text stands in another, without keeping either.

import type { Fingerprint } from "../../model/turn/turn.js";

const BASE = 16_777_619;

/** White space does not count, because stores and proxies re-wrap; nothing else is forgiven. One pass, no copy. */
export function fingerprintOf(text: string): Fingerprint {
  let hash = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) continue;
    hash = (Math.imul(hash, BASE) + code) | 0;
    length++;
  }
  return { length, hash };
}

/**
 * Whether the fingerprinted text stands somewhere in `text` (services prepend dates and append notes).
 * An empty text stands only in an empty one.
 */
export function contains(text: string, wanted: Fingerprint): boolean {
  const whole = fingerprintOf(text);
  if (whole.length === wanted.length || wanted.length === 0) {
    return whole.length === wanted.length && whole.hash === wanted.hash;
  }
  return whole.length > wanted.length && standsWithin(text, wanted);
}

/** Whether one of two texts is, or contains, the other, white space left out. */
export function holdsOther(one: string, other: string): boolean {
  const [a, b] = [fingerprintOf(one), fingerprintOf(other)];
  return a.length >= b.length ? contains(one, b) : contains(other, a);
}

/** A rolling hash over every window of the wanted length. */
function standsWithin(text: string, wanted: Fingerprint): boolean {
  const codes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isSpace(code)) codes.push(code);
  }
  let lead = 1;
  for (let i = 1; i < wanted.length; i++) lead = Math.imul(lead, BASE);
  let hash = 0;
  for (const [i, code] of codes.entries()) {
    if (i >= wanted.length) hash = (hash - Math.imul(codes[i - wanted.length] ?? 0, lead)) | 0;
    hash = (Math.imul(hash, BASE) + code) | 0;
    if (i >= wanted.length - 1 && hash === wanted.hash) return true;
  }
  return false;
}

/** Space, tab, line breaks and the no-break space. Most characters are beyond all but the last. */
function isSpace(code: number): boolean {
  return code > 32 ? code === 160 : code === 32 || (code >= 9 && code <= 13);
}
