// Relevance: how many of the figures and topic words that a prompt demands an answer really uses.
import { type FigureFact, numberOf } from "./facts.js";

export interface Relevance {
  /** Demanded figures that the answer states; each in any spelling. */
  readonly figures: number;
  readonly figuresDemanded: number;
  /** Words of the topic that occur, in any ending. */
  readonly words: number;
  readonly wordsKnown: number;
}

/** `own`: the answer's words without quotations, so that the prompt's own words score nothing. */
export function relevanceOf(
  own: readonly string[],
  stated: readonly FigureFact[],
  demanded: { readonly figures: readonly string[]; readonly words: readonly string[] },
): Relevance {
  const ownSet = new Set(own);
  const values = new Set(stated.map(({ value }) => value));
  const numbers = new Set(own.filter(startsWithDigit).map(numberOf));
  const figures = demanded.figures.filter((figure) => {
    const value = numberOf(figure);
    return Number.isNaN(value) ? ownSet.has(figure.toLowerCase()) : numbers.has(value) || values.has(value);
  });
  const text = ` ${own.join(" ")}`;
  const words = demanded.words.filter((word) => text.includes(` ${stem(word.toLowerCase())}`));
  return {
    figures: figures.length,
    figuresDemanded: demanded.figures.length,
    words: words.length,
    wordsKnown: demanded.words.length,
  };
}

function startsWithDigit(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= 48 && code <= 57;
}

/** Enough of a word to find its other endings: `saving` and `save`, `queries` and `query`. */
function stem(word: string): string {
  return word.length <= 4 ? word.replace(/e$/, "") : word.replace(/(?:ing|ies|es|ed|s|e|y)$/, "");
}
