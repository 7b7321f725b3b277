// Words that a journey searches for. Texts are not kept, so each is checked for them as it passes.
import { allSteps } from "../../scenarios/rules/nested.js";
import type { StepSpec } from "../../scenarios/scenario.js";

/** What `search` looks for by default: not a word, but what identifies a turn. */
export const NONCE = "nonce";

/** Words that `search` steps of these journeys look for, in lower case, without duplicates. */
export function searchedWords(journeys: readonly (readonly StepSpec[])[]): readonly string[] {
  const words = allSteps(journeys.flat()).flatMap(({ step, options }): readonly string[] => {
    const { text } = (options ?? {}) as { readonly text?: unknown };
    return step === "search" && typeof text === "string" && text !== NONCE ? [text.toLowerCase()] : [];
  });
  return [...new Set(words)];
}

/** The words that the text contains, ignoring case; `undefined` for none. */
export function wordsIn(text: string, watched: readonly string[]): readonly string[] | undefined {
  if (watched.length === 0) return undefined;
  const lower = text.toLowerCase();
  const found = watched.filter((word) => lower.includes(word));
  return found.length > 0 ? found : undefined;
}
