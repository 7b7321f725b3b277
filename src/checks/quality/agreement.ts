// Holds answers to one and the same question against each other: what they say of the same thing must agree.
import { hashOf } from "./answers-seen.js";
import { datesIn, type FigureFact, identifiersIn } from "./facts.js";

/** Of one worker. */
const MAX_QUESTIONS = 1024;
const MAX_FACTS = 64;

export interface Disagreement {
  readonly expected: string;
  readonly seen: string;
  readonly user: number;
  readonly turn: number;
}

interface First {
  readonly user: number;
  readonly turn: number;
  readonly facts: ReadonlyMap<string, ReadonlySet<string>>;
}

export class Agreement {
  readonly #first = new Map<string, First>();

  /** How an answer disagrees with the first one to the same prompt, if it does. */
  give(
    prompt: string,
    text: string,
    figures: readonly FigureFact[],
    user: number,
    turn: number,
  ): Disagreement | "agrees" | undefined {
    const key = hashOf(prompt);
    const first = this.#first.get(key);
    const facts = factsByThing(text, figures);
    if (!first) {
      if (this.#first.size < MAX_QUESTIONS) this.#first.set(key, { user, turn, facts });
      return undefined;
    }
    for (const [thing, values] of facts) {
      const known = first.facts.get(thing);
      if (!known || [...values].some((value) => known.has(value))) continue;
      const name = thing.replaceAll("|", " ").trim();
      const said = (set: ReadonlySet<string>): string => `${name}: ${[...set].slice(0, 3).join(", ")}`;
      return { expected: said(known), seen: said(values), user: first.user, turn: first.turn };
    }
    return "agrees";
  }
}

/** Thing (unit and key words next to it) → what is said about it. Figures without either are ignored. */
export function factsByThing(text: string, figures: readonly FigureFact[]): Map<string, Set<string>> {
  const facts = new Map<string, Set<string>>();
  const add = (thing: string, value: string): void => {
    const values = facts.get(thing);
    if (values) values.add(value);
    else if (facts.size < MAX_FACTS) facts.set(thing, new Set([value]));
  };
  for (const { before, after, unit, value } of figures) {
    if (before !== "" && after !== "" && unit !== "") add(`${before}|${unit}|${after}`, String(value));
  }
  // A single date or identifier on both sides is the subject of the answer; several cannot be matched.
  const dates = datesIn(text);
  if (dates.size === 1) for (const date of dates) add("date||", date);
  const ids = identifiersIn(text);
  if (ids.size === 1) for (const id of ids) add("identifier||", id);
  return facts;
}
