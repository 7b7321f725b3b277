// One spelling for one text: Unicode forms, white space and markdown marks that make no difference to a reader.

const BEYOND_ASCII = /[\u0080-\uffff]/;
const RETURNS = /\r\n?/g;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g;
const GROUPED_BY_SPACE = /(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g;
const LINK = /\[([^[\]\n]{1,300})\]\([^()\s]{1,1000}\)/g;
const MARKS = /\*\*|__|(?<!`)`{1,2}(?!`)|(?<=^|\n)[ \t]*(?:#{1,6}|>)[ \t]/g;
const BLANKS = /[\t\f\v\u0085]+| {2,}/g;
const WORD = /[\p{L}\p{N}]+(?:[.,'][\p{L}\p{N}]+)*/gu;

/** NFKC, plain quotes and hyphens, no markdown marks and no runs of blanks. Line breaks stay: lists live on them. */
export function normalised(text: string): string {
  const plain = BEYOND_ASCII.test(text) ? plainCharacters(text) : text;
  return plain.replace(RETURNS, "\n").replace(LINK, "$1").replace(MARKS, "").replace(BLANKS, " ").trim();
}

function plainCharacters(text: string): string {
  return text
    .replace(GROUPED_BY_SPACE, ",")
    .normalize("NFKC")
    .replace(INVISIBLE, "")
    .replace(/[‘’‛′]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‐‑‒–—−]/g, "-");
}

/** Words and numbers in lower case, in order; `5,300` and `don't` are one each. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}
