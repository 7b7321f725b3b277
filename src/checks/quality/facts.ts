// The facts in a text that can be compared: figures with their units, dates, identifiers.

export interface FigureFact {
  readonly value: number;
  /** Singular and in lower case: `dollar`, `percent`, `millisecond`, `request`; empty if there is none. */
  readonly unit: string;
  /** As written. */
  readonly text: string;
  /** The nearest significant word before it, in lower case, or empty. */
  readonly before: string;
  /** The nearest significant word after its unit. */
  readonly after: string;
}

const FIGURE =
  /(?<![\p{L}\p{N}_.,-])([$€£])?(\d+(?:[,']\d{3})*(?:[.,]\d+)?)( ?%| ?(?:ms|s|k|m|bn|gb|tb|x)(?![\p{L}\p{N}])| [a-z]+)?(?![\p{L}\p{N}_])/giu;
const LIST_NUMBER = /(?:^|\n) *$/;
const MULTIPLIERS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, bn: 1e9 };
const UNITS: Readonly<Record<string, string>> = {
  "%": "percent",
  per: "percent",
  ms: "millisecond",
  s: "second",
  x: "times",
  $: "dollar",
  "€": "euro",
  "£": "pound",
  usd: "dollar",
  eur: "euro",
};
const NO_UNIT = new Set(
  "a an and are as at be but by each for from has have if in is it its of on or out so than that the then to was we were which while will with".split(
    " ",
  ),
);
const ENUMERATION = /^(?:(?:,| and| or|, and|, or) [$€£]?\d[\d,.]{0,16}){1,3} ([a-z]+)/i;
const CONTEXT = 48;

/** In order, without list numbers, dates and identifiers. @param text normalised */
export function figuresIn(text: string): FigureFact[] {
  const plain = text.replace(DATE, (date) => " ".repeat(date.length));
  const figures: FigureFact[] = [];
  for (const match of plain.matchAll(FIGURE)) {
    const [whole, currency = "", digits = "", suffix = ""] = match;
    const head = plain.slice(Math.max(0, match.index - CONTEXT), match.index);
    const end = match.index + whole.length;
    const tail = plain.slice(end, end + CONTEXT);
    if (isListNumber(head, tail, whole)) continue;
    const word = suffix.trim().toLowerCase();
    const factor = MULTIPLIERS[word] ?? 1;
    const value = numberOf(digits) * factor;
    if (!Number.isFinite(value)) continue;
    const unit = unitOf(currency, factor === 1 ? word : "", tail);
    const rest = NO_UNIT.has(word) ? `${suffix}${tail}` : tail;
    figures.push({
      value,
      unit: unit === "" ? enumeratedUnit(rest) : unit,
      text: whole.trim(),
      before: lastTelling(head),
      after: firstTelling(rest),
    });
  }
  return figures;
}

function isListNumber(head: string, tail: string, whole: string): boolean {
  return /^\d{1,2}$/.test(whole) && /^[.)]/.test(tail) && LIST_NUMBER.test(head);
}

/** `12,300`, `12'300` and `12300` are the same; a comma before the last one or two digits is a decimal comma. */
export function numberOf(digits: string): number {
  return Number(digits.replace(/[,'](?=\d{3}(?:\D|$))/g, "").replace(",", "."));
}

function unitOf(currency: string, word: string, tail: string): string {
  if (currency !== "") return UNITS[currency] ?? "";
  if (word === "per") return /^ ?cent\b/.test(tail) ? "percent" : "";
  if (word === "" || NO_UNIT.has(word)) return "";
  return UNITS[word] ?? singular(word);
}

/** In `80,000, 84,000 and 77,000 dollars`, all three are dollars. */
function enumeratedUnit(tail: string): string {
  const word = ENUMERATION.exec(tail)?.[1]?.toLowerCase() ?? "";
  return NO_UNIT.has(word) ? "" : (UNITS[word] ?? singular(word));
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function lastTelling(head: string): string {
  return (head.toLowerCase().match(/[a-z]{4,}/g) ?? []).at(-1) ?? "";
}

function firstTelling(tail: string): string {
  return /[a-z]{4,}/.exec(tail.toLowerCase())?.[0] ?? "";
}

const MONTHS =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
const DATE = new RegExp(
  `\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b\\d{1,2}\\.? (?:${MONTHS})\\b(?:,? \\d{4}\\b)?|\\b(?:${MONTHS}) \\d{1,2}\\b(?:,? \\d{4}\\b)?`,
  "gi",
);
const JOINED = /(?<![\p{L}\p{N}])[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/gu;
const MAX_IDENTIFIER = 64;
const MONTH_ORDER = "janfebmaraprmayjunjulaugsepoctnovdec";

/** As `2026-03-14`, or `--03-14` without a year. */
export function datesIn(text: string): Set<string> {
  return new Set((text.match(DATE) ?? []).map(isoDate));
}

function isoDate(date: string): string {
  if (/^\d{4}-/.test(date)) return date;
  const month = MONTH_ORDER.indexOf((/[a-z]+/i.exec(date)?.[0] ?? "").slice(0, 3).toLowerCase()) / 3 + 1;
  const day = /(?<!\d)\d{1,2}(?!\d)/.exec(date)?.[0] ?? "";
  const year = /\d{4}/.exec(date)?.[0] ?? "-";
  return `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Such as `INV-2041`, in upper case: words joined by hyphens, with a digit, starting with a letter. */
export function identifiersIn(text: string): Set<string> {
  const joined = (text.match(JOINED) ?? []).filter((word) => word.length <= MAX_IDENTIFIER);
  return new Set(joined.filter((word) => /^\D.*\d/.test(word)).map((id) => id.toUpperCase()));
}
