// Substance: how much an answer says that the prompt did not say already, and that it does not say twice.

export interface Substance {
  /** Characters of the words that are no quotation. */
  readonly characters: number;
  /** Different words that do not stand in the prompt. */
  readonly newWords: number;
  /** Share of the groups of four words that stood in the answer before, 0 to 1. */
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
