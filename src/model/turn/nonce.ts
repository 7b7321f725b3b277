// Nonces: words and digits in every message that decode, with a checksum, to run, user and turn.
//
//   mango-zebra-lamp-3a417c
//   run   user (8 bits a word, low first)   turn in hex, then 4 hex digits of checksum
//
// All nonces of one run begin with the same word, so that one `indexOf` a frame finds any user's, without
// tables. They look like no secret, because masking backends would otherwise blank them out.

import { NONCE_WORDS } from "./nonce-words.js";

/** What a nonce says. `user` and `turn` count from 0. */
export interface NonceOwner {
  readonly user: number;
  readonly turn: number;
}

/** A nonce in a text. */
export interface NonceFound extends NonceOwner {
  /**
   * Its characters: the next nonce begins behind them. Within them another may seem to begin, where one of the user's words
   * is the run's own.
   */
  readonly length: number;
}

const WORD_INDEX = new Map(NONCE_WORDS.map((word, index) => [word, index]));
const SHAPE = /^((?:[a-z]+-){2,6})([0-9a-f]+)(?![0-9a-f])/;
/** Longest text that a nonce may span, to bound the work on hostile input. */
const MAX_LENGTH = 64;

/** Writes and reads the nonces of one run. */
export interface NonceCodec {
  /** Text that begins every nonce of this run, hyphen included: search for it. */
  readonly prefix: string;
  encode(user: number, turn: number): string;
  /** The owner of a nonce that begins at `index`, or `undefined` when none of this run does. */
  decodeAt(text: string, index: number): NonceFound | undefined;
  /** Calls back for each nonce of this run in the text, in order. */
  scan(text: string, found: (owner: NonceOwner, index: number) => void): void;
}

/** @param runSeed unsigned 32 bits that tell this run from others: part of the checksum */
export function nonceCodec(runSeed: number): NonceCodec {
  const runWord = wordAt(runSeed & 0xff);
  const prefix = `${runWord}-`;
  const decodeAt = (text: string, index: number): NonceFound | undefined => {
    const match = SHAPE.exec(text.slice(index, index + MAX_LENGTH));
    if (!match?.[1] || !match[2] || match[2].length < 5) return undefined;
    const words = match[1].slice(0, -1).split("-");
    if (words[0] !== runWord) return undefined;
    let user = 0;
    for (let i = words.length - 1; i >= 1; i--) {
      const byte = WORD_INDEX.get(words[i] ?? "");
      if (byte === undefined) return undefined;
      user = user * 256 + byte;
    }
    const turn = Number.parseInt(match[2].slice(0, -4), 16);
    if (checksum(runSeed, user, turn) !== match[2].slice(-4)) return undefined;
    return { user, turn, length: match[0].length };
  };
  return {
    prefix,
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
    scan(text, found) {
      for (let at = text.indexOf(prefix); at >= 0; ) {
        const owner = decodeAt(text, at);
        if (owner) found(owner, at);
        at = text.indexOf(prefix, at + (owner?.length ?? prefix.length));
      }
    },
  };
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
