// Keeps secrets out of every text that leaves the program: known values in all their spellings, and what looks like a token.

/** What replaces a secret. */
export const REDACTED = "***";
/** Shorter values are not looked for: they would turn up by chance everywhere. */
const MIN_LENGTH = 4;
/** So much of a secret at the end of a text that was cut off gives too much of it away. */
const MIN_CUT = 8;
/** A text may end in so many characters of a secret: beyond them it is not looked for. */
const MAX_CUT = 512;
/** Secrets that begin alike are compared one by one up to this number; of more, all that begins like them goes. */
const MAX_ALIKE = 200;
/** A replacement may spell a further secret together with its neighbours; after so many of them the whole text goes. */
const MAX_ROUNDS = 4;

export interface Redactor {
  /** `text` without any known secret, in any spelling, and without anything that looks like a token. */
  readonly redact: (text: string) => string;
}

/** A redactor that learns further secrets as they are issued. */
export interface LearningRedactor extends Redactor {
  /** From now on these values are redacted, too. */
  readonly add: (...secrets: readonly string[]) => void;
  /** Takes back one {@link add} of each value; values that were added more often stay. */
  readonly remove: (...secrets: readonly string[]) => void;
}

/** A redactor for these values. Its cost grows with the text, not with the number of secrets. */
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

/** The same plain data with every text in it redacted; keys stay. */
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

/** What two secrets leave between them may spell a third, so that one walk is not always enough. */
function withoutForms(text: string, forms: FormIndex): string {
  let clean = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = forms.replaced(clean);
    if (next === clean) return clean;
    clean = next;
  }
  return forms.replaced(clean) === clean ? clean : REDACTED;
}

/** Names of fields and headers whose values are secret: passwords, tokens, keys, cookies, credentials. */
export function isSecretName(name: string): boolean {
  const words = /passw|passphrase|secret|token|authorization|cookie|credential|api[-_]?key|(^|[-_.])key$/i;
  return words.test(name) || /[a-z]Key$/.test(name);
}

/** A URL without its password, and without the values of secret-looking parameters; other texts as they are. */
export function redactUrl(url: string): string {
  const withoutUser = url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:@\s]*):[^/?#\s]*@/i, `$1:${REDACTED}@`);
  // A name holds no question mark, so that no part of the text is looked at for two names.
  return withoutUser.replace(/([?&#])([^?=&#\s]+)=([^&#\s]*)/g, (whole, mark, name) =>
    isSecretName(decoded(name)) ? `${mark}${name}=${REDACTED}` : whole,
  );
}

/** The password inside a URL, as written and decoded; empty when there is none. */
export function urlPasswords(text: string): readonly string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:@\s]*:([^/?#\s]*)@/i.exec(text)?.[1];
  return password ? [password, decoded(password)] : [];
}

/** Bearer credentials, JSON Web Tokens and passwords in URLs, known or not; in time linear in the text. */
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
 * Two or three parts joined by dots, of which the first begins with `{"` in base64url.
 * @param cut the text ends here, perhaps in the middle of a token
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

/** `https://user:password@host`: between `://` and the next slash there is only one place to look at. */
function withoutUrlPasswords(text: string): string {
  return text.replace(/:\/\/([^/?#:@\s"']*):[^/?#@\s"']+@/g, `://$1:${REDACTED}@`);
}

/** Every way in which a secret may show up in a text: plain, URL-encoded, JSON-escaped, base64. */
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
  // Half a surrogate pair cannot be encoded: it goes out as the replacement character.
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
 * Base64 of the secret alone, and the letters that it gives inside a longer base64 text such as `user:password`:
 * there it begins at one of three offsets, and the letters that neighbours share are cut off.
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
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Beginnings of forms that are told apart before they are looked up: a bit each. */
const HEADS = 1 << 20;

/** A number below {@link HEADS} for the {@link MIN_LENGTH} characters that begin there. */
function headAt(text: string, at: number): number {
  const first = text.charCodeAt(at) ^ (text.charCodeAt(at + 1) << 7);
  const second = text.charCodeAt(at + 2) ^ (text.charCodeAt(at + 3) << 7);
  return Math.imul(first ^ (second << 14), 0x9e3779b1) >>> 12;
}

const URL_START = /^[a-z][a-z0-9+.-]{0,30}(:|%3a)/i;

/** All forms, and by their first characters their lengths, so that one walk over a text finds them all. */
class FormIndex {
  /** How often each form was added. */
  readonly #forms = new Map<string, number>();
  /** Longest first; a length stays when its last form is removed. */
  readonly #lengthsByHead = new Map<string, number[]>();

  /** By their first {@link MIN_CUT} characters. */
  readonly #alike = new Map<string, Set<string>>();
  /** A bit for the first characters of each form: where there is none, none begins. A bit stays when its form is removed. */
  readonly #heads = new Uint8Array(HEADS / 8);

  /** A form may begin there; most places of a text are told apart by this alone. */
  #mayBeginAt(text: string, at: number): boolean {
    const head = headAt(text, at);
    return ((this.#heads[head >> 3] ?? 0) & (1 << (head & 7))) !== 0;
  }

  add(form: string): void {
    const place = headAt(form, 0);
    this.#heads[place >> 3] = (this.#heads[place >> 3] ?? 0) | (1 << (place & 7));
    // A URL begins with words that are no secret, such as `postgres`; its password is a secret of its own.
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

  /** The text without the beginning of a form at its very end, where a longer text was cut off. */
  withoutCut(text: string): string {
    // Whoever cuts a text may mark it.
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

  /** Overlapping finds are blotted out together, so that no part of either is left. */
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
