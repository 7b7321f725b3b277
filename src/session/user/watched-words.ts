// Words that a journey searches for: which of them a text holds is noted when it passes, for the text itself is not kept.
import { allSteps } from "../../scenarios/rules/nested.js";
import type { StepSpec } from "../../scenarios/scenario.js";

/** What `search` looks for by default: no word, but what identifies a turn. */
export const NONCE = "nonce";

/** Words that the steps `search` of these journeys look for, each once, in lower case. */
export function searchedWords(journeys: readonly (readonly StepSpec[])[]): readonly string[] {
  const words = allSteps(journeys.flat()).flatMap(({ step, options }): readonly string[] => {
    const { text } = (options ?? {}) as { readonly text?: unknown };
    return step === "search" && typeof text === "string" && text !== NONCE ? [text.toLowerCase()] : [];
  });
  return [...new Set(words)];
}

/** Those of the words that the text holds, whatever its case; `undefined` for none. */
export function wordsIn(text: string, watched: readonly string[]): readonly string[] | undefined {
  if (watched.length === 0) return undefined;
  const lower = text.toLowerCase();
  const found = watched.filter((word) => lower.includes(word));
  return found.length > 0 ? found : undefined;
}
