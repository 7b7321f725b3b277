// Finds nonces in text that comes in pieces, and in text that was wrapped, spaced or reformatted.
//
// A model's tokens split a nonce anywhere, renderers break its line, insert white space or emphasis, capitalise it or use a
// typographic hyphen, and JSON within JSON escapes its letters, each level once more. The reader takes one character at a
// time and keeps at most 64, so that memory is constant and work is linear in the text.
import { MAX_LENGTH, type NonceCodec, type NonceFound, type NonceOwner } from "./nonce.js";

/** The meaning of a character in a nonce: itself in lower case, nothing, or the end. */
const SKIPPED = 0;
const FOREIGN = -1;

const BACKSLASH = 92;
const LETTER_U = 117;
/** Escapes of white space: `\b`, `\f`, `\n`, `\r` and `\t`. */
const BREAKS: ReadonlySet<number> = new Set([98, 102, 110, 114, 116]);

/** A nonce with a known owner: the most likely one of a text need not be decoded. */
export interface KnownNonce {
  readonly nonce: string;
  readonly owner: NonceFound;
}

export type OnNonce = (owner: NonceOwner) => void;

/** Length of a known nonce that starts at `at`; 0 for none. */
export type KnownAt = (text: string, at: number) => number;

export class NonceReader {
  readonly #codec: NonceCodec;
  readonly #first: number;
  readonly #known: KnownNonce | undefined;
  /** Characters of the run's word at the end of the text. */
  #matched = 0;
  /** Characters since the start of the run's word, once it is complete. */
  #gathered = "";
  /** Whether a character was gathered since the last look. */
  #fresh = false;
  /** Characters of an escape so far, at the end of the text: 1 for backslashes, 2 for `\u`, then its digits; 0 for none. */
  #escape = 0;
  #escaped = 0;

  constructor(codec: NonceCodec, known?: KnownNonce) {
    this.#codec = codec;
    this.#known = known;
    this.#first = codec.prefix.charCodeAt(0);
  }

  /** Reports a nonce at the first character after it. */
  feed(text: string, found: OnNonce): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.#escape > 0 || code === BACKSLASH) {
        this.#unescape(code, found);
        continue;
      }
      if (this.#gathered === "" && this.#matched === 0) {
        if ((code | 32) !== this.#first) continue;
        const known = this.#known;
        if (known && showsKnown(known, text, i)) {
          i += known.nonce.length - 1;
          found(known.owner);
          continue;
        }
      }
      this.#take(plainOf(code), found);
    }
  }

  /** The next character of an escape, or the first after one that was none. */
  #unescape(code: number, found: OnNonce): void {
    const at = this.#escape;
    const digit = at > 1 ? hexOf(code) : -1;
    if (code === BACKSLASH) this.#escape = 1;
    else if (at === 1 && code === LETTER_U) {
      this.#escape = 2;
      this.#escaped = 0;
    } else if (digit < 0) {
      this.#escape = 0;
      // Within a nonce it is a break; before one, it may be its first letter, after a backslash that escapes nothing.
      const gap = at === 1 && BREAKS.has(code) && (this.#matched > 0 || this.#gathered !== "");
      this.#take(gap ? SKIPPED : plainOf(code), found);
    } else {
      this.#escaped = this.#escaped * 16 + digit;
      this.#escape = at === 5 ? 0 : at + 1;
      if (at === 5) this.#take(plainOf(this.#escaped), found);
    }
  }

  /** Forgets a known nonce at the end of the text. @returns whether the text ends outside any other */
  rests(known: KnownAt): boolean {
    if (known(this.#gathered, 0) === this.#gathered.length) this.#gathered = "";
    return this.#matched === 0 && this.#gathered === "" && this.#escape === 0;
  }

  /** At the end of the text: reports a nonce there, and resets. */
  end(found: OnNonce): void {
    this.#flush(found);
    this.#escape = 0;
  }

  #flush(found: OnNonce): void {
    while (this.#gathered !== "") this.#decode(found);
    this.#matched = 0;
  }

  #take(code: number, found: OnNonce): void {
    if (this.#gathered === "") {
      if (code !== SKIPPED) this.#match(code);
      return;
    }
    if (code === SKIPPED) {
      if (this.#fresh) this.#look(found);
      return;
    }
    if (code === FOREIGN) {
      this.#flush(found);
      return;
    }
    this.#gathered += String.fromCharCode(code);
    this.#fresh = true;
    if (this.#gathered.length >= MAX_LENGTH) this.#decode(found);
  }

  #match(code: number): void {
    const { prefix, overlaps } = this.#codec;
    while (this.#matched > 0 && code !== prefix.charCodeAt(this.#matched))
      this.#matched = overlaps[this.#matched - 1] ?? 0;
    if (code === prefix.charCodeAt(this.#matched)) this.#matched++;
    if (this.#matched < prefix.length) return;
    this.#matched = 0;
    this.#gathered = prefix;
  }

  /** At a gap: the characters gathered may be a nonce already. */
  #look(found: OnNonce): void {
    this.#fresh = false;
    const owner = this.#codec.decodeAt(this.#gathered, 0);
    if (owner?.length !== this.#gathered.length) return;
    this.#gathered = "";
    found(owner);
  }

  /** Decodes what was gathered, and goes on with the next nonce that starts in the rest. */
  #decode(found: OnNonce): void {
    const { prefix } = this.#codec;
    const gathered = this.#gathered;
    const known = this.#known;
    const owner = gathered === known?.nonce ? known.owner : this.#codec.decodeGathered(gathered);
    const from = owner?.length ?? 1;
    const next = gathered.indexOf(prefix, from);
    this.#gathered = next < 0 ? "" : gathered.slice(next);
    if (owner) found(owner);
    if (next >= 0) return;
    const rest = gathered.slice(Math.max(from, gathered.length - prefix.length + 1));
    for (let i = 0; i < rest.length; i++) this.#match(rest.charCodeAt(i));
  }
}

/** All nonces of this run in a text, in order, however reformatted. */
export function readNonces(codec: NonceCodec, text: string, found: OnNonce, known?: KnownNonce): void {
  const times = timesOnly(codec, text, known);
  for (let i = 0; i < times; i++) if (known) found(known.owner);
  if (times >= 0) return;
  const reader = new NonceReader(codec, known);
  reader.feed(text, found);
  reader.end(found);
}

/** How often the text shows the known nonce, if that is exactly as written and the only one; -1 if it may show another. */
function timesOnly({ spelling }: NonceCodec, text: string, known: KnownNonce | undefined): number {
  if (text.includes("\\")) return -1;
  spelling.lastIndex = 0;
  for (let times = 0; ; times++) {
    const at = spelling.exec(text)?.index ?? -1;
    if (at < 0) return times;
    if (!known || !showsKnown(known, text, at)) return -1;
    spelling.lastIndex = at + known.nonce.length;
  }
}

/** Whether the known nonce is there exactly as written, and the text shows its end. */
function showsKnown({ nonce }: KnownNonce, text: string, at: number): boolean {
  const end = at + nonce.length;
  return end < text.length && plainOf(text.charCodeAt(end)) <= SKIPPED && text.startsWith(nonce, at);
}

/**
 * Whether a string in JSON may hold a nonce of this run, however formatted, or end within one, apart from known ones. True
 * if in doubt, as for anything escaped.
 */
export function mayHoldNonce({ jsonSpelling }: NonceCodec, json: string, known: KnownAt): boolean {
  if (json.includes("\\")) return true;
  jsonSpelling.lastIndex = 0;
  for (;;) {
    const at = jsonSpelling.exec(json)?.index ?? -1;
    if (at < 0) return false;
    const length = known(json, at);
    if (length === 0) return true;
    jsonSpelling.lastIndex = at + length;
  }
}

/** A hexadecimal digit; -1 for any other character. */
function hexOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function plainOf(code: number): number {
  if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45) return code;
  if (code >= 65 && code <= 90) return code + 32;
  if (code <= 32 || code === 160 || code === 173) return SKIPPED;
  // Marks of emphasis and code, and of a quoted line.
  if (code === 42 || code === 95 || code === 96 || code === 126 || code === 62) return SKIPPED;
  if (code < 0x2000) return FOREIGN;
  if (code >= 0x2010 && code <= 0x2015) return 45;
  if (code === 0x2212 || code === 0xfe63 || code === 0xff0d) return 45;
  if (code <= 0x200f || (code >= 0x2028 && code <= 0x202f) || code === 0x2060 || code === 0xfeff)
    return SKIPPED;
  return FOREIGN;
}
