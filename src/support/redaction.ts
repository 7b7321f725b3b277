// Keeps secrets out of all output: known values in all encodings, and anything that looks like a token.
import { tried } from "./errors.js";

export const REDACTED = "***";
/** Shorter values are not searched for: they would match by chance everywhere. */
const MIN_LENGTH = 4;
/** This much of a secret, at the end of a text cut off, reveals too much of it. */
const MIN_CUT = 8;
/** Longest part of a secret searched for at the end of a text. */
const MAX_CUT = 512;
/** Most secrets with the same start that are compared one by one; with more, every text with that start is removed. */
const MAX_ALIKE = 200;
/** A replacement may form another secret together with its neighbours; after this many rounds the whole text goes. */
const MAX_ROUNDS = 4;

export interface Redactor {
  /** The text without known secrets in any encoding, and without anything that looks like a token. */
  readonly redact: (text: string) => string;
}

export interface LearningRedactor extends Redactor {
  readonly add: (...secrets: readonly string[]) => void;
  /** Undoes one {@link add} of each value; values added more often stay. */
  readonly remove: (...secrets: readonly string[]) => void;
}

/** Its cost grows with the text, not with the number of secrets. */
export function createRedactor(secrets: Iterable<string>): LearningRedactor {
  const forms = new FormIndex();
  const add = (...values: readonly string[]): void => {
    for (const secret of values) for (const form of spellings(secret)) forms.add(form);
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    remove(...values) {
      for (const secret of values) for (const form of spellings(secret)) forms.remove(form);
    },
    redact: (text) => {
      const known = withoutForms(text, forms);
      if (known === REDACTED) return known;
      const clean = withoutTokens(known);
      return forms.withoutCut(clean === known ? clean : withoutForms(clean, forms));
    },
  };
}

/** Plain data with all texts redacted; keys stay. */
export function redactData<T>(value: T, redact: Redactor["redact"]): T {
  return redacted(value, redact) as T;
}

function redacted(value: unknown, redact: Redactor["redact"]): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  const clean: Record<string, unknown> = { ...value };
  for (const key of Object.keys(clean)) {
    const held = clean[key];
    if (typeof held === "string" || typeof held === "object") clean[key] = redacted(held, redact);
  }
  return clean;
}

/** What remains between two secrets may form a third, so one pass is not always enough. */
function withoutForms(text: string, forms: FormIndex): string {
  let clean = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = forms.replaced(clean);
    if (next === clean) return clean;
    clean = next;
  }
  return forms.replaced(clean) === clean ? clean : REDACTED;
}

/** Names of fields and headers with secret values: passwords, tokens, keys, cookies, credentials. */
export function isSecretName(name: string): boolean {
  const words = /passw|passphrase|secret|token|authorization|cookie|credential|api[-_]?key|(^|[-_.])key$/i;
  return words.test(name) || /[a-z]Key$/.test(name);
}

/** A URL without its password and the values of secret-looking parameters; other texts unchanged. */
export function redactUrl(url: string): string {
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:@\s]*):[^/?#\s]*@/i, `$1:${REDACTED}@`);
  // Names hold no question mark, so that no part of the text is searched twice.
  return withoutUser.replace(/([?&#])([^?=&#\s]+)=([^&#\s]*)/g, (whole, mark, name) =>
    isSecretName(decoded(name)) ? `${mark}${name}=${REDACTED}` : whole,
  );
}

/** The password in a URL, as written and decoded, if there is one. */
export function urlPasswords(text: string): readonly string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:@\s]*:([^/?#\s]*)@/i.exec(text)?.[1];
  return password ? [password, decoded(password)] : [];
}

/** Removes bearer credentials, JSON Web Tokens and passwords in URLs, known or not, in linear time. */
function withoutTokens(text: string): string {
  const withoutJwts = text.includes("eyJ")
    ? text.replace(/[A-Za-z0-9_.-]{9,}/g, (run, at: number) =>
        run.includes("eyJ") ? withoutJwt(run, at + run.length === text.length) : run,
      )
    : text;
  const withoutCredentials = withoutJwts.replace(
    /\b(bearer|basic)(\s+|%20)(?!\*\*\*)[A-Za-z0-9._~+/-]{8,}=*/gi,
    `$1$2${REDACTED}`,
  );
  return withoutUrlPasswords(withoutCredentials);
}

/**
 * Removes two or three parts joined by dots if the first starts with `{"` in base64url.
 * @param cut the text may end in the middle of a token
 */
function withoutJwt(run: string, cut: boolean): string {
  const parts = run.split(".");
  const kept: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] ?? "";
    const start = /\beyJ/.exec(part)?.index ?? -1;
    const followed = (parts[at + 1] ?? "") !== "" || (cut && at >= parts.length - 2);
    const isHeader = start >= 0 && part.length - start >= 7 && followed;
    kept.push(isHeader ? part.slice(0, start) + REDACTED : part);
    if (isHeader) at += 2;
  }
  return kept.join(".");
}

/** `https://user:password@host`: looks only between `://` and the next slash. */
function withoutUrlPasswords(text: string): string {
  return text.replace(/:\/\/([^/?#:@\s"']*):[^/?#@\s"']+@/g, `://$1:${REDACTED}@`);
}

/** All forms in which a secret may appear: plain, URL-encoded, JSON-escaped, base64. */
function spellings(secret: string): readonly string[] {
  if (secret.length < MIN_LENGTH) return [];
  const json = JSON.stringify(secret).slice(1, -1);
  const all = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    json.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
    json.replaceAll("/", "\\/"),
    ...percentForms(secret),
    ...base64Forms(secret),
  ];
  return [...new Set(all)].filter((form) => form.length >= MIN_LENGTH);
}

function percentForms(secret: string): readonly string[] {
  // Half a surrogate pair cannot be encoded: it is sent as the replacement character.
  const sound = secret.replace(/\p{Surrogate}/gu, "\ufffd");
  const encoded = encodeURIComponent(sound);
  const strict = encoded.replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const forms = [encoded, strict, encodeURI(sound)];
  return forms.flatMap((form) => [
    form,
    form.replaceAll("%20", "+"),
    form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ]);
}

/**
 * Base64 of the secret alone, and of the secret inside a longer text such as `user:password`: there it starts at one of
 * three offsets, and characters shared with neighbours are cut off.
 */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const whole = bytes.toString("base64");
  const cores = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(first, end);
  });
  const forms = [whole, whole.replace(/=+$/, ""), ...cores];
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function decoded(text: string): string {
  return tried(() => decodeURIComponent(text)) ?? text;
}

/** Size of a bit set of the starts of forms, checked before they are looked up. */
const HEADS = 1 << 20;

/** A hash below {@link HEADS} of the {@link MIN_LENGTH} characters at `at`. */
function headAt(text: string, at: number): number {
  const first = text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 7);
  const second = text.charCodeAt(at + 2) ^ (text.charCodeAt(at + 3) << 7);
  return Math.imul(first ^ (second << 14), 0x9e3779b1) >>> 12;
}

const URL_START = /^[a-z][a-z0-9+.-]{0,30}(:|%3a)/i;

/** All forms, with their lengths by first characters, so that one pass over a text finds them all. */
class FormIndex {
  readonly #forms = new Map<string, number>();
  /** Longest first; lengths stay when forms are removed. */
  readonly #lengthsByHead = new Map<string, number[]>();

  /** By their first {@link MIN_CUT} characters. */
  readonly #alike = new Map<string, Set<string>>();
  /** A bit for the first characters of each form; bits stay when forms are removed. */
  readonly #heads = new Uint8Array(HEADS / 8);

  /** Whether a form may start at `at`: rules out most places of a text. */
  #mayBeginAt(text: string, at: number): boolean {
    const head = headAt(text, at);
    return ((this.#heads[head >> 3] ?? 0) & (1 << (head & 7))) !== 0;
  }

  add(form: string): void {
    const place = headAt(form, 0);
    this.#heads[place >> 3] = (this.#heads[place >> 3] ?? 0) | (1 << (place & 7));
    // A URL starts with words that are not secret, such as `postgres`; its password is a separate secret.
    if (form.length > MIN_CUT && !URL_START.test(form)) {
      const beginning = form.slice(0, MIN_CUT);
      const alike = this.#alike.get(beginning) ?? new Set();
      this.#alike.set(beginning, alike.add(form));
    }
    this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
    const head = form.slice(0, MIN_LENGTH);
    const lengths = this.#lengthsByHead.get(head) ?? [];
    if (lengths.includes(form.length)) return;
    lengths.push(form.length);
    this.#lengthsByHead.set(
      head,
      lengths.sort((a, b) => b - a),
    );
  }

  remove(form: string): void {
    const count = this.#forms.get(form);
    if (count === undefined) return;
    if (count > 1) {
      this.#forms.set(form, count - 1);
      return;
    }
    this.#forms.delete(form);
    const alike = this.#alike.get(form.slice(0, MIN_CUT));
    alike?.delete(form);
    if (alike?.size === 0) this.#alike.delete(form.slice(0, MIN_CUT));
  }

  /** The text without the start of a form at its very end, left by cutting a longer text. */
  withoutCut(text: string): string {
    // The cut may be marked.
    const marked = text.endsWith("…");
    const end = marked ? text.length - 1 : text.length;
    for (let at = Math.max(0, end - MAX_CUT); at + MIN_CUT <= end; at++) {
      const alike = this.#mayBeginAt(text, at) ? this.#alike.get(text.slice(at, at + MIN_CUT)) : undefined;
      if (alike === undefined) continue;
      const rest = text.slice(at, end);
      if (alike.size <= MAX_ALIKE && ![...alike].some((form) => form.startsWith(rest))) continue;
      return text.slice(0, at) + REDACTED + (marked ? "…" : "");
    }
    return text;
  }

  /** Overlapping matches are replaced together, so that nothing of either is left. */
  replaced(text: string): string {
    if (this.#forms.size === 0) return text;
    let result = "";
    let copied = 0;
    let blotFrom = -1;
    let blotTo = -1;
    for (let at = 0; at + MIN_LENGTH <= text.length; at++) {
      const end = this.#endOfForm(text, at);
      if (end < 0) continue;
      if (at > blotTo) {
        if (blotFrom >= 0) {
          result += text.slice(copied, blotFrom) + REDACTED;
          copied = blotTo;
        }
        blotFrom = at;
      }
      blotTo = Math.max(blotTo, end);
    }
    if (blotFrom < 0) return text;
    return result + text.slice(copied, blotFrom) + REDACTED + text.slice(blotTo);
  }

  #endOfForm(text: string, at: number): number {
    if (!this.#mayBeginAt(text, at)) return -1;
    const lengths = this.#lengthsByHead.get(text.slice(at, at + MIN_LENGTH));
    const length = lengths?.find((one) => this.#forms.has(text.slice(at, at + one)));
    return length === undefined ? -1 : at + length;
  }
}
