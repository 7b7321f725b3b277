// Fields of the scenario schema written with units, such as `30s` or `10/s`, and parsed to numbers.
import { z } from "zod";
import { shorten } from "../../support/text.js";
import { formatUs, parseDurationUs, parseRatePerSecond, parseSizeBytes } from "../../support/units.js";

/** Editors accept any text with an environment reference. */
const REFERENCE = "\\$\\{";
const DURATIONS = "(0|(\\d+(\\.\\d+)?(us|ms|s|m|h))+)";
const DURATION = `^${DURATIONS}$|${REFERENCE}`;
const RATE = `^\\d+(\\.\\d+)?\\s*/\\s*(s|m|h)$|${REFERENCE}`;
const SIZE = `^\\d+(\\.\\d+)?\\s*(B|KB|KiB|MB|MiB|GB|GiB)$|${REFERENCE}`;
const SHARE = `^\\d+(\\.\\d+)?\\s*%?$|${REFERENCE}`;
const WHOLE = `^\\d+$|${REFERENCE}`;
const FLAG = `^(true|false)$|${REFERENCE}`;

export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A duration such as `30s`, `250ms` or `1m30s`; parses to integer microseconds, as its bounds are. */
export function duration(description: string, example: string, bounds: Bounds = {}): z.ZodType<number> {
  const wrong = `expected a duration with its unit, such as ${example} (units: us, ms, s, m, h)`;
  return z
    .union([z.string().meta({ pattern: DURATION }), z.literal(0)], { error: wrong })
    .transform((written, context) => {
      const parsed = parseDurationUs(String(written));
      return bounded(context, parsed, wrong, written, bounds, formatUs);
    })
    .meta({ description, examples: [example] });
}

/** A rate such as `10/s`; parses to a number per second. */
export function rate(description: string, example: string, bounds: Bounds = {}): z.ZodType<number> {
  const wrong = `expected a rate with its unit, such as ${example} (per s, m or h)`;
  return z
    .string({ error: (issue) => `${wrong}, got ${shown(issue.input)}` })
    .meta({ pattern: RATE })
    .transform((written, context) => {
      const parsed = parseRatePerSecond(written);
      return bounded(context, parsed, wrong, written, bounds, (value) => `${value}/s`);
    })
    .meta({ description, examples: [example] });
}

/** A size such as `64KiB`; parses to bytes. */
export function size(description: string, example: string, bounds: Bounds = {}): z.ZodType<number> {
  const wrong = `expected a size with its unit, such as ${example} (units: B, KB, KiB, MB, MiB, GB, GiB)`;
  return z
    .string({ error: (issue) => `${wrong}, got ${shown(issue.input)}` })
    .meta({ pattern: SIZE })
    .transform((written, context) => {
      const parsed = parseSizeBytes(written);
      return bounded(context, parsed, wrong, written, bounds, (value) => `${value} bytes`);
    })
    .meta({ description, examples: [example] });
}

/** A whole number, also as text from the environment. */
export function whole(description: string, example: number, bounds: Bounds = {}): z.ZodType<number> {
  const wrong = `expected a whole number, such as ${example}`;
  return z
    .union([z.number().meta({ type: "integer" }), z.string().meta({ pattern: WHOLE })], { error: wrong })
    .transform((written, context) => {
      const parsed = typeof written === "number" || /^\d+$/.test(written) ? Number(written) : undefined;
      const integer = Number.isSafeInteger(parsed) ? parsed : undefined;
      return bounded(context, integer, wrong, written, bounds, (value) => value.toLocaleString("en-US"));
    })
    .meta({ description, examples: [example] });
}

/** A share such as `50%` or `0.5`; parses to a number over 0 and up to 1. */
export function share(description: string, example: string): z.ZodType<number> {
  const wrong = `expected a share, such as ${example}`;
  return z
    .union([z.string().meta({ pattern: SHARE }), z.number().gt(0).max(1)], { error: wrong })
    .transform((written, context) => {
      const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(String(written))?.[1];
      const parsed = percent === undefined ? Number(written) : Number(percent) / 100;
      if (parsed > 0 && parsed <= 1) return parsed;
      return refuse(context, `${wrong} (over 0, up to 100%), got ${shown(written)}`);
    })
    .meta({ description, examples: [example] });
}

/** Both ends included. */
export interface WholeRange {
  readonly from: number;
  readonly to: number;
}

/** A whole number, or a range of them such as `3..8`. */
export function wholeRange(
  description: string,
  example: string,
  { min, max }: Required<Bounds>,
): z.ZodType<WholeRange> {
  const wrong = `expected a whole number or a range, such as ${example}`;
  return z
    .union([z.number(), z.string().meta({ pattern: `^\\d+(\\.\\.\\d+)?$|${REFERENCE}` })], { error: wrong })
    .transform((written, context): WholeRange => {
      const [, first = "", last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(String(written)) ?? [];
      const [from, to] = [Number(first), Number(last)];
      const message =
        first === ""
          ? `${wrong}, got ${shown(written)}`
          : from < min || to > max
            ? `must be from ${min} to ${max}, is ${written}`
            : to < from
              ? `ends before it begins: ${written}`
              : undefined;
      return message === undefined ? { from, to } : refuse(context, message);
    })
    .meta({ description, examples: [example] });
}

/** `true` or `false`, also as text from the environment. */
export function flag(description: string): z.ZodType<boolean> {
  const wrong = "expected true or false";
  return z
    .union([z.boolean(), z.string().meta({ pattern: FLAG })], { error: wrong })
    .transform((written, context) => {
      if (typeof written === "boolean") return written;
      if (written === "true" || written === "false") return written === "true";
      return refuse(context, `${wrong}, got ${shown(written)}`);
    })
    .meta({ description });
}

/** A text that is not empty. Numbers are refused rather than converted: `0123` would lose its zero. */
export function text(description: string, ...examples: readonly string[]): z.ZodType<string> {
  return sound(() => undefined, description, ...examples);
}

/** @param fault what is wrong with a text, for the message */
export function sound(
  fault: (value: string) => string | undefined,
  description: string,
  ...examples: readonly string[]
): z.ZodType<string> {
  return z
    .string({ error: (issue) => textError(issue.input) })
    .superRefine((value, context) => {
      const message = value === "" ? "must not be empty" : fault(value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .meta({ description, ...(examples.length > 0 ? { examples: [...examples] } : {}) });
}

function textError(input: unknown): string | undefined {
  // Does not quote the value: it may be a password.
  if (typeof input !== "number" && typeof input !== "boolean") return undefined;
  return `expected a text, got a ${typeof input}: put it in quotes`;
}

/** A value, short enough for a message. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return `\`${shorten(value, 40)}\``;
  return String(value);
}

function bounded(
  context: z.RefinementCtx,
  value: number | undefined,
  wrong: string,
  written: unknown,
  bounds: Bounds,
  format: (value: number) => string,
): number {
  if (value === undefined) return refuse(context, `${wrong}, got ${shown(written)}`);
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (value < min) return refuse(context, `must be at least ${format(min)}, is ${format(value)}`);
  if (value > max) return refuse(context, `must be at most ${format(max)}, is ${format(value)}`);
  return value;
}

/** Ends a transform with a message. */
export function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
