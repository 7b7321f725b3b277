// One answer taken apart once, for everything that judges it.
import type { AnsweredTurn } from "../../model/turn/answer.js";
import { type FigureFact, figuresIn } from "./facts.js";
import { normalised, wordsOf } from "./normalise.js";
import { type Relevance, relevanceOf } from "./relevance.js";
import { ownWords, withoutReference } from "./strip.js";
import { type Substance, substanceOf } from "./substance.js";

export interface Judged {
  /** Normalised, without the reference that it was asked to quote. */
  readonly text: string;
  /** The prompt, likewise. */
  readonly prompt: string;
  readonly words: readonly string[];
  readonly promptWords: readonly string[];
  /** Words of the answer that are no quotation of the prompt. */
  readonly own: readonly string[];
  readonly figures: readonly FigureFact[];
  readonly substance: Substance;
  readonly relevance: Relevance;
}

type Asked = Pick<AnsweredTurn, "answer" | "prompt" | "nonce" | "facts">;

/** Never throws, whatever the texts. Linear in their length. */
export function takeApart({ answer, prompt: asked, nonce, facts }: Asked): Judged {
  const text = withoutReference(normalised(answer), nonce);
  const prompt = withoutReference(normalised(asked), nonce);
  const words = wordsOf(text);
  const promptWords = wordsOf(prompt);
  const own = ownWords(words, promptWords);
  const figures = figuresIn(text);
  return {
    text,
    prompt,
    words,
    promptWords,
    own,
    figures,
    substance: substanceOf(own, promptWords),
    relevance: relevanceOf(own, figures, facts),
  };
}
