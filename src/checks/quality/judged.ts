// Analyses an answer once, for everything that judges it.

import type { AnsweredTurn } from "../../model/turn/answer.js";
import { type FigureFact, figuresIn, numberOf } from "./facts.js";

/** This many consecutive words of the prompt are a quotation. */
const RUN = 5;
/** A line with the reference and no more than this says nothing else. */
const BESIDE_REFERENCE = 80;

/** The text without lines that only quote the reference, and without the reference elsewhere. */
export function withoutReference(text: string, nonce: string): string {
  if (nonce === "" || !text.includes(nonce)) return text;
  return text
    .split("\n")
    .flatMap((line) => {
      if (!line.includes(nonce)) return [line];
      const rest = line.replaceAll(nonce, " ").trim();
      return rest.length <= BESIDE_REFERENCE && !/[.!?] \S/.test(rest) ? [] : [rest];
    })
    .join("\n")
    .trim();
}

/** The answer's words outside quotations of five or more words from the prompt, in order. */
export function ownWords(answer: readonly string[], prompt: readonly string[]): string[] {
  const asked = new Set(prompt);
  const quoted = new Uint8Array(answer.length);
  let runs: ReadonlySet<string> | undefined;
  let inRow = 0;
  for (const [at, word] of answer.entries()) {
    inRow = asked.has(word) ? inRow + 1 : 0;
    // Most answers never come here, so that the runs of the prompt need not be known.
    if (inRow < RUN) continue;
    runs ??= runsOf(prompt);
    const first = at + 1 - RUN;
    if (runs.has(answer.slice(first, at + 1).join(" "))) quoted.fill(1, first, at + 1);
  }
  return runs ? answer.filter((_, index) => quoted[index] === 0) : [...answer];
}

function runsOf(prompt: readonly string[]): Set<string> {
  const runs = new Set<string>();
  for (let i = 0; i + RUN <= prompt.length; i++) runs.add(prompt.slice(i, i + RUN).join(" "));
  return runs;
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
const RETURNS = /\r\n?/g;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g;
const GROUPED_BY_SPACE = /(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/g;
const LINK = /\[([^[\]\n]{1,300})\]\([^()\s]{1,1000}\)/g;
const MARKS = /\*\*|__|(?<!`)`{1,2}(?!`)|(?<=^|\n)[ \t]*(?:#{1,6}|>)[ \t]/g;
const BLANKS = /[\t\f\v\u0085]+| {2,}/g;
const WORD = /[\p{L}\p{N}]+(?:[.,'][\p{L}\p{N}]+)*/gu;

/** NFKC, plain quotes and hyphens, no markdown and no repeated spaces. Line breaks stay, for lists. */
export function normalised(text: string): string {
  const plain = BEYOND_ASCII.test(text) ? plainCharacters(text) : text;
  return plain.replace(RETURNS, "\n").replace(LINK, "$1").replace(MARKS, "").replace(BLANKS, " ").trim();
}

function plainCharacters(text: string): string {
  return text
    .replace(GROUPED_BY_SPACE, ",")
    .normalize("NFKC")
    .replace(INVISIBLE, "")
    .replace(/[‘’‛′]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[‐‑‒–—−]/g, "-");
}

/** Words and numbers in lower case, in order; `5,300` and `don't` are one word each. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

export interface Judged {
  /** Normalised, without the reference. */
  readonly text: string;
  readonly prompt: string;
  readonly words: readonly string[];
  readonly promptWords: readonly string[];
  /** Words of the answer that are not quoted from the prompt. */
  readonly own: readonly string[];
  readonly figures: readonly FigureFact[];
  readonly substance: Substance;
  readonly relevance: Relevance;
}

type Asked = Pick<AnsweredTurn, "answer" | "prompt" | "nonce" | "facts">;

/** Never throws. Linear in the length of the texts. */
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

interface Substance {
  /** Characters of words that are not quoted. */
  readonly characters: number;
  /** Different words that are not in the prompt. */
  readonly newWords: number;
  /** Share of four-word groups that appeared in the answer before, 0 to 1. */
  readonly repetition: number;
}

const GROUP = 4;

/** `own`: the answer's words without quotations. */
export function substanceOf(own: readonly string[], prompt: readonly string[]): Substance {
  const asked = new Set(prompt);
  const fresh = new Set(own.filter((word) => !asked.has(word)));
  const characters = own.reduce((sum, word) => sum + word.length + 1, 0);
  return { characters, newWords: fresh.size, repetition: repetitionIn(own) };
}

function repetitionIn(words: readonly string[]): number {
  const groups = words.length - GROUP + 1;
  if (groups < 1) return 0;
  const numbers = new Map<string, number>();
  const numbered = words.map((word) => {
    const known = numbers.get(word) ?? numbers.size + 1;
    numbers.set(word, known);
    return known;
  });
  const seen = new Set<number>();
  for (let i = 0; i < groups; i++) {
    // A collision of two hashes moves the share by next to nothing.
    let hash = 0;
    for (let j = i; j < i + GROUP; j++) hash = (Math.imul(hash, 0x01000193) + (numbered[j] ?? 0)) | 0;
    seen.add(hash);
  }
  return 1 - seen.size / groups;
}

interface Relevance {
  /** Required figures in the answer, in any spelling. */
  readonly figures: number;
  readonly figuresDemanded: number;
  /** Words of the topic in the answer, with any ending. */
  readonly words: number;
  readonly wordsKnown: number;
}

/** `own`: the answer's words without quotations, so that the prompt's own words score nothing. */
function relevanceOf(
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

/** Enough of a word to match other endings: `saving` and `save`, `queries` and `query`. */
function stem(word: string): string {
  return word.length <= 4 ? word.replace(/e$/, "") : word.replace(/(?:ing|ies|es|ed|s|e|y)$/, "");
}
