// Fingerprints of texts: enough to tell whether a text stands in another, without keeping either.

/** Length and polynomial hash of a text with its white space folded. */
export interface Fingerprint {
  readonly length: number;
  readonly hash: number;
}

const BASE = 16_777_619;

/** White space is folded because stores and proxies re-wrap; nothing else is forgiven. */
export function fingerprintOf(text: string): Fingerprint {
  const folded = fold(text);
  let hash = 0;
  for (let i = 0; i < folded.length; i++) hash = (Math.imul(hash, BASE) + folded.charCodeAt(i)) | 0;
  return { length: folded.length, hash };
}

/**
 * Whether the fingerprinted text stands somewhere in `text` (services prepend dates and append notes):
 * a rolling hash over every window of its length. An empty text stands only in an empty one.
 */
export function contains(text: string, wanted: Fingerprint): boolean {
  const folded = fold(text);
  if (wanted.length === 0) return folded.length === 0;
  if (folded.length < wanted.length) return false;
  let lead = 1;
  for (let i = 1; i < wanted.length; i++) lead = Math.imul(lead, BASE);
  let hash = 0;
  for (let i = 0; i < folded.length; i++) {
    if (i >= wanted.length) hash = (hash - Math.imul(folded.charCodeAt(i - wanted.length), lead)) | 0;
    hash = (Math.imul(hash, BASE) + folded.charCodeAt(i)) | 0;
    if (i >= wanted.length - 1 && hash === wanted.hash) return true;
  }
  return false;
}

function fold(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
