// Made-up records that look sensitive, planted so that leaks become visible; and finding them in texts.

const GIVEN = ["Ada", "Boris", "Chiara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Ines", "Jonas"] as const;
const FAMILY = ["Muster", "Sample", "Exemplo", "Esempio", "Example", "Ornek", "Primer", "Voorbeeld"] as const;
const CONDITIONS = ["asthma", "migraine", "diabetes", "hay fever", "a broken wrist", "anaemia"] as const;

/** Backslashes of JSON, or of JSON within JSON. */
const ESCAPE = String.raw`\\{1,8}`;
const START = String.raw`(?:(?<![\p{L}\p{N}])|(?<=\\[bfnrt]|\\u[\da-fA-F]{4}))`;
const HYPHEN = String.raw`(?:[-\u2010\u2011]|${ESCAPE}u(?:002[dD]|201[01]))`;
const GAP = String.raw`(?:[ \u00a0]|${ESCAPE}u00[aA]0)?`;
/** A staff number or an account as in {@link plantedRecord}, even within JSON; both identify the user. */
const MARK = new RegExp(String.raw`${START}(?:P${HYPHEN}(\d{6})|XX00${GAP}0000${GAP}(\d{8}))(?!\d)`, "gu");
/** Length of the longest mark, including the characters around it. */
const SPAN = 52;

/** A person who does not exist, of one user's organisation: a pure function of the user's number. */
export function plantedRecord(user: number, organisation: string | undefined): string {
  const name = `${at(GIVEN, user)} ${at(FAMILY, Math.floor(user / GIVEN.length))}`;
  const staff = `P-${String(user).padStart(6, "0")}`;
  const born = `${1950 + (user % 50)}-${two(1 + (user % 12))}-${two(1 + (user % 28))}`;
  const account = `XX00 0000 ${String(user).padStart(8, "0")}`;
  const whose = organisation === undefined ? "" : ` of organisation ${organisation}`;
  return `Confidential personnel file${whose}: ${name}, staff number ${staff}, born ${born}, account ${account}, on sick leave for ${at(CONDITIONS, user)}.`;
}

/** The first other user whose record a text shows; `undefined` for none. */
export function recordOwner(text: string, user: number): number | undefined {
  for (const [owner] of foundRecords(text)) if (owner !== user) return owner;
  return undefined;
}

/** Each mark of a record in a text: its owner, and its position. */
export function* foundRecords(text: string): Generator<readonly [owner: number, at: number]> {
  for (const { 1: staff, 2: account, index } of text.matchAll(MARK)) yield [Number(staff ?? account), index];
}

/** The same in text that arrives in pieces: keeps no more of it than the length of a mark. */
export class RecordReader {
  readonly #user: number;
  #tail = "";

  constructor(user: number) {
    this.#user = user;
  }

  feed(text: string, found: (owner: number) => void): void {
    const joined = this.#tail + text;
    this.#tail = joined.slice(-SPAN);
    const owner = recordOwner(joined, this.#user);
    if (owner !== undefined) found(owner);
  }
}

function at(words: readonly string[], index: number): string {
  return words[index % words.length] ?? "";
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
