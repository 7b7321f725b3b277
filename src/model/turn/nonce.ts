// Nonces: words and digits in every message that encode run, user and turn, with a checksum.
//
//   mango-zebra-lamp-3a417c
//   run   user (8 bits a word, low first)   turn in hex, then 4 hex digits of checksum
//
// All nonces of a run start with the same word, so that one `indexOf` per frame finds any user's, without tables. They do
// not look like secrets, which backends may mask.

import { NONCE_WORDS } from "./nonce-words.js";

/** `user` and `turn` count from 0. */
export interface NonceOwner {
  readonly user: number;
  readonly turn: number;
}

/** A nonce in a text. */
export interface NonceFound extends NonceOwner {
  /**
   * In characters: search for the next nonce after them. Another may seem to start within them, if one of the user's words
   * is the run's word.
   */
  readonly length: number;
}

const WORD_INDEX = new Map(NONCE_WORDS.map((word, index) => [word, index]));
const SHAPE = /^((?:[a-z]+-){2,6})([0-9a-f]+)(?![0-9a-f])/;
const GATHERED = /^((?:[a-z]+-){2,6})([0-9a-f]{5,17})/;
const LEAST_DIGITS = 5;
/** Longest nonce, to bound the work on hostile input. */
export const MAX_LENGTH = 64;

/** Writes and reads the nonces of one run. */
export interface NonceCodec {
  /** The first word of every nonce of this run: search for it. */
  readonly word: string;
  /** The same with its hyphen. */
  readonly prefix: string;
  /** Failure function of the prefix (Knuth, Morris and Pratt). */
  readonly overlaps: readonly number[];
  /** Matches {@link prefix} as {@link NonceReader} would read it, unless letters are escaped; global. */
  readonly spelling: RegExp;
  /** Likewise, where a string in JSON other than a key shows it, or ends within it. */
  readonly jsonSpelling: RegExp;
  /** Whether the text shows {@link word} in capitals, or letters that JSON escaped needlessly: it may hide a nonce. */
  isDisguised(text: string): boolean;
  encode(user: number, turn: number): string;
  /** The owner of the nonce at `index`, if there is one of this run. */
  decodeAt(text: string, index: number): NonceFound | undefined;
  /**
   * The owner of a nonce at the start of a text of lower-case letters, digits and hyphens, as gathered by {@link NonceReader}:
   * other letters may follow the nonce directly.
   */
  decodeGathered(text: string): NonceFound | undefined;
  /** Calls back for each nonce of this run in the text, in order. */
  scan(text: string, found: (owner: NonceOwner, index: number) => void): void;
}

/** The first word of all nonces of a run. */
export function runWordOf(runSeed: number): string {
  return wordAt(runSeed & 0xff);
}

/** @param runSeed unsigned 32-bit number of this run: part of the checksum */
export function nonceCodec(runSeed: number): NonceCodec {
  const runWord = runWordOf(runSeed);
  const prefix = `${runWord}-`;
  const decodeAt = (text: string, index: number): NonceFound | undefined => {
    const match = SHAPE.exec(text.slice(index, index + MAX_LENGTH));
    if (!match?.[1] || !match[2] || match[2].length < LEAST_DIGITS) return undefined;
    const user = userOf(match[1], runWord);
    const turn = user === undefined ? undefined : turnOf(runSeed, user, match[2]);
    return user === undefined || turn === undefined ? undefined : { user, turn, length: match[0].length };
  };
  const decodeGathered = (text: string): NonceFound | undefined => {
    const [, words, digits] = GATHERED.exec(text) ?? [];
    if (!words || !digits) return undefined;
    const user = userOf(words, runWord);
    if (user === undefined) return undefined;
    for (let length = digits.length; length >= LEAST_DIGITS; length--) {
      const turn = turnOf(runSeed, user, digits.slice(0, length));
      if (turn !== undefined) return { user, turn, length: words.length + length };
    }
    return undefined;
  };
  const upper = runWord.toUpperCase();
  const capital = upper.charAt(0) + runWord.slice(1);
  return {
    word: runWord,
    prefix,
    overlaps: overlapsOf(prefix),
    isDisguised: (text) =>
      text.includes(capital) || text.includes(upper) || (text.includes("\\u00") && ESCAPED.test(text)),
    spelling: spellingOf(runWord),
    jsonSpelling: jsonSpellingOf(runWord),
    encode(user, turn) {
      let words = "";
      let rest = user;
      for (let i = 0; i < 2 || rest > 0; i++) {
        words += `${wordAt(rest % 256)}-`;
        rest = Math.floor(rest / 256);
      }
      return `${prefix}${words}${turn.toString(16)}${checksum(runSeed, user, turn)}`;
    },
    decodeAt,
    decodeGathered,
    scan(text, found) {
      for (let at = text.indexOf(prefix); at >= 0; ) {
        const owner = decodeAt(text, at);
        if (owner) found(owner, at);
        at = text.indexOf(prefix, at + (owner?.length ?? prefix.length));
      }
    },
  };
}

/** A letter, a digit or a hyphen as JSON may escape it. */
const ESCAPED = /\\u00(?:2[dD]|3\d|[46][1-9a-fA-F]|[57][0-9aA])/;

/** What readers skip within a nonce: white space, marks of emphasis, code and quotes, and invisible characters. */
const SKIPPED = String.raw`[\0- \xa0\xad*_\x60~>\u2000-\u200f\u2028-\u202f\u2060\ufeff]*`;
const HYPHEN = String.raw`[-\u2010-\u2015\u2212\ufe63\uff0d]`;

function spellingOf(word: string): RegExp {
  return new RegExp(lettersOf(word).join("") + HYPHEN, "g");
}

function jsonSpellingOf(word: string): RegExp {
  return new RegExp(
    lettersOf(word).reduceRight((rest, letter) => `${letter}(?:"(?!:)|${rest})`, HYPHEN),
    "g",
  );
}

/** Each letter of a word in any case, and what readers skip after it. */
function lettersOf(word: string): readonly string[] {
  return [...word].map((letter) => `[${letter}${letter.toUpperCase()}]${SKIPPED}`);
}

/** For each character of a text, how long a start of the text ends with it, short of the text itself. */
export function overlapsOf(word: string): readonly number[] {
  const overlaps = [0];
  for (let i = 1, matched = 0; i < word.length; i++) {
    while (matched > 0 && word[i] !== word[matched]) matched = overlaps[matched - 1] ?? 0;
    if (word[i] === word[matched]) matched++;
    overlaps.push(matched);
  }
  return overlaps;
}

/** The user that the words encode, each with its hyphen; `undefined` if they are not this run's. */
function userOf(words: string, runWord: string): number | undefined {
  const parts = words.slice(0, -1).split("-");
  if (parts[0] !== runWord) return undefined;
  let user = 0;
  for (let i = parts.length - 1; i >= 1; i--) {
    const byte = WORD_INDEX.get(parts[i] ?? "");
    if (byte === undefined) return undefined;
    user = user * 256 + byte;
  }
  return user;
}

/** The turn that the digits encode; `undefined` if the checksum is wrong. */
function turnOf(runSeed: number, user: number, digits: string): number | undefined {
  const turn = Number.parseInt(digits.slice(0, -4), 16);
  return checksum(runSeed, user, turn) === digits.slice(-4) ? turn : undefined;
}

function wordAt(index: number): string {
  return NONCE_WORDS[index] ?? "amber";
}

function checksum(runSeed: number, user: number, turn: number): string {
  let hash = runSeed ^ 0x9e3779b9;
  for (const part of [user & 0xffff, Math.floor(user / 65_536), turn & 0xffff, Math.floor(turn / 65_536)]) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash & 0xffff).toString(16).padStart(4, "0");
}
