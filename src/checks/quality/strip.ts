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
  if (prompt.length < RUN) return [...answer];
  const asked = new Set(prompt);
  const runs = new Set<string>();
  for (let i = 0; i + RUN <= prompt.length; i++) runs.add(prompt.slice(i, i + RUN).join(" "));
  const quoted = new Uint8Array(answer.length);
  for (let i = 0; i + RUN <= answer.length; i++) {
    // Most runs end here, before a text of them is made.
    if (!asked.has(answer[i] ?? "") || !asked.has(answer[i + RUN - 1] ?? "")) continue;
    if (runs.has(answer.slice(i, i + RUN).join(" "))) quoted.fill(1, i, i + RUN);
  }
  return answer.filter((_, index) => quoted[index] === 0);
}
