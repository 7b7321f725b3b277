// Usage of a turn as reported by the backend: tokens and model calls. What is not reported is unknown, never 0.
import { z } from "zod";
import { count } from "../values.js";

/** How to combine reports of one turn: each is for one model call, or a later one replaces earlier ones. */
export type UsageReports = "each" | "last";

/** In a report, NaN if missing. */
export const TOKEN_KINDS = ["input", "output", "cached", "reasoning"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** One report, reused by the decoder for each frame: keep no reference to it. */
export interface UsageReport extends Record<TokenKind, number> {
  /** Model calls; NaN if not reported. */
  calls: number;
  model: string | undefined;
  readonly reports: UsageReports;
  /** Impossible values, such as negative ones or texts, which count as unknown. */
  lies: number;
}

/** More than any turn can use: a larger number must mean something else. */
const MAX_REPORTED = 1e9;

/** NaN for nothing, `undefined` for anything that cannot be a count. */
export function reportedCount(value: unknown): number | undefined {
  if (value === undefined || value === null) return Number.NaN;
  const counts = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_REPORTED;
  return counts ? value : undefined;
}

export class TurnUsage implements Readonly<Record<TokenKind, number>> {
  input = Number.NaN;
  output = Number.NaN;
  cached = Number.NaN;
  reasoning = Number.NaN;
  calls = Number.NaN;
  model: string | undefined;
  lies = 0;
  /** Reports named several models, so no price applies to the sum. */
  mixed = false;

  add(report: UsageReport): void {
    const { reports } = report;
    for (const kind of TOKEN_KINDS) this[kind] = together(this[kind], report[kind], reports);
    this.calls = together(this.calls, report.calls, reports);
    this.lies += report.lies;
    if (report.model === undefined) return;
    this.mixed ||= this.model !== undefined && this.model !== report.model;
    this.model = report.model;
  }

  get reported(): boolean {
    return TOKEN_KINDS.some((kind) => !Number.isNaN(this[kind]));
  }

  /** `undefined` if no tokens were reported. */
  told(): Partial<Record<TokenKind, number>> | undefined {
    const told = TOKEN_KINDS.filter((kind) => !Number.isNaN(this[kind]));
    return told.length > 0 ? Object.fromEntries(told.map((kind) => [kind, this[kind]])) : undefined;
  }
}

function together(known: number, said: number, reports: UsageReports): number {
  if (Number.isNaN(said)) return known;
  return reports === "last" || Number.isNaN(known) ? said : known + said;
}

export const usageCounts = z.object({
  /** Completed turns. */
  turns: count,
  /** Of those, turns with reported tokens. */
  reported: count,
  /** Of those, turns with an impossible value. */
  invalid: count,
  /** Of those, turns of unknown cost although the scenario has prices. */
  unpriced: count,
});
/** Completed turns at a target that can report usage, and faults in their reports. */
export type UsageCounts = z.infer<typeof usageCounts>;

export function emptyUsageCounts(): UsageCounts {
  return { turns: 0, reported: 0, invalid: 0, unpriced: 0 };
}

export function addUsageCounts(sum: UsageCounts, part: Readonly<UsageCounts>): void {
  sum.turns += part.turns;
  sum.reported += part.reported;
  sum.invalid += part.invalid;
  sum.unpriced += part.unpriced;
}

/** Per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Of cached input tokens; default: like any others. */
  readonly cached?: number;
}

export interface PriceList {
  readonly currency: string;
  /** By the reported name; `*` is any model. */
  readonly models: Readonly<Record<string, ModelPrice>>;
}

/** Version suffixes of providers: `-2025-04-14`, `-20250514`. */
const VERSION = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * In millionths of the currency, so that a price per million tokens is a price per token. `undefined` if tokens, model or
 * price are unknown.
 */
export function costOf(
  { input, output, cached, model, mixed }: TurnUsage,
  { models }: PriceList,
): number | undefined {
  if (Number.isNaN(input) || Number.isNaN(output) || mixed) return undefined;
  const name = model ?? "*";
  const price = [name, name.replace(VERSION, ""), "*"].map((one) => own(models, one)).find((one) => one);
  if (!price) return undefined;
  const fromCache = Number.isNaN(cached) ? 0 : cached;
  const cost =
    (input - fromCache) * price.input + fromCache * (price.cached ?? price.input) + output * price.output;
  return Math.round(cost);
}

function own(models: PriceList["models"], name: string): ModelPrice | undefined {
  return Object.hasOwn(models, name) ? models[name] : undefined;
}
