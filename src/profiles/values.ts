// Reads values that backends write in many ways: stamps, ids and texts.
import { wallMinusMonoUs } from "../support/clock.js";
import { claimsOf } from "../support/jwt.js";
import type { Session } from "./profile.js";

type Json = Readonly<Record<string, unknown>>;

/** ISO 8601 as services write it: any number of decimals, a space for the `T`, with or without a zone. */
const ISO_DATE =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,12}))?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * A timestamp in microseconds since the epoch: float seconds, milliseconds, microseconds, nanoseconds or ISO 8601. Without
 * a zone it is UTC, never this machine's local time. NaN if it is none of these, or outside 2001–2100.
 */
export function stampUs(value: unknown, zone = "Z"): number {
  if (typeof value === "number") {
    const us = value < 1e11 ? value * 1e6 : value < 1e14 ? value * 1e3 : value < 1e17 ? value : value / 1e3;
    return us > 1e15 && us < 4.1e15 ? Math.round(us) : Number.NaN;
  }
  if (typeof value !== "string") return Number.NaN;
  const numeric = Number(value);
  if (Number.isFinite(numeric) && value !== "") return stampUs(numeric);
  return isoUs(value, zone);
}

/** Only text that looks like ISO 8601: `Date.parse` finds a year in almost any text that ends in a number. */
function isoUs(text: string, unnamed: string): number {
  const match = text.length > 64 ? null : ISO_DATE.exec(text);
  if (!match) return Number.NaN;
  const [, date = "", time = "", decimals = "", zone = unnamed] = match;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}` : "Z";
  const wholeUs = Date.parse(`${date}T${time}${offset}`) * 1000;
  // `Date.parse` drops decimals after the third.
  return stampUs((wholeUs + Number(`${decimals}000000`.slice(0, 6))) / 1e6);
}

/** Ids are strings or numbers; empty, null and `unknown_…` ones are absent. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" || value.startsWith("unknown_") ? undefined : value;
  return typeof value === "number" ? String(value) : undefined;
}

/** Text of a string, of `{content|text|response|value}`, or of a list of such parts. */
export function textOf(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  if (Array.isArray(value)) {
    const parts = value.map((part) => textOf(part, depth + 1)).filter((part) => part !== undefined);
    return parts.length > 0 ? parts.join("") : undefined;
  }
  const json = value as Json;
  for (const field of ["content", "text", "response", "value", "message"]) {
    const text = textOf(json[field], depth + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Keys of error messages, the most specific first, and keys of objects that contain them. */
const ERROR_WORDS =
  "detail message error errorMessage error_message errorText error_description description reason msg text title".split(
    " ",
  );
const ERROR_CODES = ["code", "errorCode", "error_code"];
const ERROR_HOLDERS =
  "error errors detail details message data payload body params result response status cause".split(" ");

/** An error's message from the usual places, even inside `{error: …}` or a list; otherwise its code, if that is a word. */
export function errorWords(value: unknown, depth = 0): string | undefined {
  if (typeof value !== "object" || value === null || depth > 4) return undefined;
  if (Array.isArray(value)) return filled(value[0]) ?? errorWords(value[0], depth + 1);
  const json = value as Json;
  for (const key of ERROR_WORDS) if (filled(json[key])) return filled(json[key]);
  for (const key of ERROR_HOLDERS) {
    const words = errorWords(json[key], depth + 1);
    if (words !== undefined) return words;
  }
  return ERROR_CODES.map((key) => filled(json[key])).find((word) => word !== undefined);
}

function filled(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** `iat` is in whole seconds: a token may have been issued this much later than it says, and live that much shorter. */
const ISSUE_STEP_US = 1_000_000;

/**
 * When a token expires: by its own claims if it is a JWT (`expires_in` may be wrong), otherwise by the seconds in the
 * answer. Its end by our clock is computed from its lifetime, so the service's clock does not matter.
 * @param doneUs when it arrived, monotonic microseconds
 * @param expiresIn seconds, according to the answer; anything else is ignored
 */
export function expiryOf(
  token: string,
  doneUs: number,
  expiresIn: unknown,
): Pick<Session, "expiresAtWallUs" | "lifeUs" | "endsUs"> {
  const { exp, iat } = claimsOf(token) ?? {};
  if (typeof exp !== "number") {
    const seconds = typeof expiresIn === "string" ? Number.parseFloat(expiresIn) : expiresIn;
    if (typeof seconds !== "number" || !(seconds > 0)) return { expiresAtWallUs: undefined };
    return { expiresAtWallUs: undefined, endsUs: doneUs + seconds * 1_000_000 };
  }
  const expiresAtWallUs = exp * 1_000_000;
  if (typeof iat === "number" && exp > iat) {
    const lifeUs = (exp - iat) * 1_000_000;
    return { expiresAtWallUs, lifeUs, endsUs: doneUs + Math.max(lifeUs / 2, lifeUs - ISSUE_STEP_US) };
  }
  // Without `iat` only the wall clock helps; a token that arrives expired shows that the clocks differ.
  const leftUs = expiresAtWallUs - (doneUs + wallMinusMonoUs());
  return { expiresAtWallUs, ...(leftUs > 0 ? { endsUs: doneUs + leftUs } : {}) };
}
