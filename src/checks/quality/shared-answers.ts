// Answers to questions that all users ask, in any wording: what most of them say about a thing counts as true.
import { factsByThing } from "./agreement.js";
import { hashOf } from "./answers-seen.js";
import type { FigureFact } from "./facts.js";

/** Limits for one worker: there are few such questions, and few different answers to each. */
const MAX_QUESTIONS = 64;
const MAX_VARIANTS = 24;

type Facts = readonly (readonly [thing: string, values: readonly string[]])[];

/** Answers on one worker that say the same about everything. */
interface Variant {
  readonly facts: Facts;
  readonly user: number;
  readonly turn: number;
  count: number;
}

export interface Deviation {
  readonly count: number;
  readonly user: number;
  readonly turn: number;
  readonly expected: string;
  readonly seen: string;
}

export class SharedAnswers {
  readonly #questions = new Map<string, Map<string, Variant>>();

  give(question: string, text: string, figures: readonly FigureFact[], user: number, turn: number): void {
    const key = hashOf(question);
    let variants = this.#questions.get(key);
    if (!variants) {
      if (this.#questions.size >= MAX_QUESTIONS) return;
      variants = new Map();
      this.#questions.set(key, variants);
    }
    const facts = [...factsByThing(text, figures)].map(
      ([thing, values]) => [thing, [...values].sort()] as const,
    );
    const same = JSON.stringify(facts);
    const variant = variants.get(same);
    if (variant) variant.count++;
    else if (variants.size < MAX_VARIANTS) variants.set(same, { facts, user, turn, count: 1 });
  }

  /** Question → its variants; workers' entries are joined with a space. */
  memo(): Record<string, string> {
    const memo: Record<string, string> = {};
    for (const [key, variants] of this.#questions)
      memo[key] = encodeURIComponent(JSON.stringify([...variants.values()]));
    return memo;
  }
}

/** Deviations over all workers, and how many answers were compared. */
export function deviationsIn(memo: Readonly<Record<string, string>>): {
  readonly compared: number;
  readonly deviations: readonly Deviation[];
} {
  let compared = 0;
  const deviations: Deviation[] = [];
  for (const entry of Object.values(memo)) {
    const variants = entry.split(" ").flatMap((part) => JSON.parse(decodeURIComponent(part)) as Variant[]);
    const answers = variants.reduce((sum, { count }) => sum + count, 0);
    if (answers > 1) compared += answers;
    for (const deviation of deviationsAmong(variants)) deviations.push(deviation);
  }
  return { compared, deviations };
}

function deviationsAmong(variants: readonly Variant[]): readonly Deviation[] {
  const votes = new Map<string, Map<string, number>>();
  for (const { facts, count } of variants) {
    for (const [thing, values] of facts) {
      const counts = votes.get(thing) ?? new Map<string, number>();
      votes.set(thing, counts);
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + count);
    }
  }
  return variants.flatMap(({ facts, user, turn, count }): readonly Deviation[] => {
    for (const [thing, values] of facts) {
      const counts = votes.get(thing) ?? new Map<string, number>();
      const most = largest(counts.values());
      const own = largest(values.map((value) => counts.get(value) ?? 0));
      if (own >= most) continue;
      const name = thing.replaceAll("|", " ").trim();
      const usual = [...counts].filter(([, votes]) => votes === most).map(([value]) => value);
      const said = (list: readonly string[]): string => `${name}: ${list.slice(0, 3).join(", ")}`;
      return [{ count, user, turn, expected: said(usual), seen: said(values) }];
    }
    return [];
  });
}

/** For more values than a call can have arguments. */
function largest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}
