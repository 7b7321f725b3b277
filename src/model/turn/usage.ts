// What a backend reports that a turn used: tokens and model calls. What it does not report is unknown, and never 0.
import { z } from "zod";
import { count } from "../values.js";

/** How reports of one turn go together: each is of one model call, or a later one replaces what a former one said. */
export type UsageReports = "each" | "last";

/** Numbers of tokens that a report may hold; NaN if it says nothing of them. */
export const TOKEN_KINDS = ["input", "output", "cached", "reasoning"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** One report, as a decoder fills it anew for each frame: keep no reference to it. */
export interface UsageReport extends Record<TokenKind, number> {
  /** Calls of a model; NaN if nothing is said of them. */
  calls: number;
  model: string | undefined;
  readonly reports: UsageReports;
  /** Values that no usage can have, such as negative ones or texts: each is unknown. */
  lies: number;
}

/** More than any turn can use: whoever reports it reports something else. */
const MAX_REPORTED = 1e9;

/** A count as it is reported: NaN for nothing, `undefined` for what no count can be. */
export function reportedCount(value: unknown): number | undefined {
  if (value === undefined || value === null) return Number.NaN;
  const counts = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_REPORTED;
  return counts ? value : undefined;
}

/** What one turn used, as far as it was reported. */
export class TurnUsage implements Readonly<Record<TokenKind, number>> {
  input = Number.NaN;
  output = Number.NaN;
  cached = Number.NaN;
  reasoning = Number.NaN;
  calls = Number.NaN;
  model: string | undefined;
  lies = 0;
  /** Reports named several models, so that no price holds for the sum. */
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

  /** Numbers of tokens that were reported; `undefined` if none were. */
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
  /** Of those, such that some number of tokens was reported of. */
  reported: count,
  /** Of those, such that some reported value is none that a usage can have. */
  invalid: count,
  /** Of those, such that their cost is not known although the scenario has prices. */
  unpriced: count,
});
/** Turns that completed at a target which can report usage, and what is wrong with their reports. */
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

/** Prices of one model, for a million tokens of each kind. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Of input tokens that came from a cache; without it they cost as much as others. */
  readonly cached?: number;
}

export interface PriceList {
  readonly currency: string;
  /** By the name that the backend reports; `*` is any model. */
  readonly models: Readonly<Record<string, ModelPrice>>;
}

/** What providers append to a model's name for its version: `-2025-04-14`, `-20250514`. */
const VERSION = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

/**
 * What a turn cost, in millionths of the currency; `undefined` if its tokens, its model or the model's price are not
 * known. A price for a million tokens is one in millionths for a single token.
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
