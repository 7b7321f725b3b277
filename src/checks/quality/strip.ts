// Takes out of an answer what is not its own: the reference it was asked to quote, and runs of the prompt's words.

/** So many words in a row that stand in the prompt as well are a quotation. */
const RUN = 5;
/** A line that holds the reference and no more than this beside it says nothing else. */
const BESIDE_REFERENCE = 80;

/** The text without the lines that only quote the reference, and without the reference itself elsewhere. */
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

/** The answer's words that are not part of a run of five or more words quoted from the prompt, in order. */
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
