// Completeness: whether a text ends as a finished one, or was cut off on its way.

/** An end of a sentence, and what may stand after it: quotes, brackets, an emoji. */
const SENTENCE_END = /[.!?…。！？](?:["')\]}*_\s]|\p{Extended_Pictographic}|\ufe0f){0,8}$/u;
const LIST_ITEM = /^ {0,12}(?:[-*+•]|\d{1,3}[.)])(?: |$)/;
const TABLE_ROW = /^\|.{0,4000}\|$/;
const TAIL = 2000;

/** Why `text` looks cut off, or `undefined` when it is finished. `text` has its reference taken out. */
export function cutOffBy(text: string): string | undefined {
  const ended = text.trimEnd();
  if (ended === "") return "it is empty";
  if (fences(ended) % 2 === 1) return "a block of code is not closed";
  const lines = ended.slice(-TAIL).split("\n");
  const last = (lines.at(-1) ?? "").trim();
  if (/^(?:[-*+•]|\d{1,3}[.)])$/.test(last)) return "its last list item is empty";
  if (last === "```" || SENTENCE_END.test(last) || TABLE_ROW.test(last)) return undefined;
  if (isListOfFragments(lines)) return undefined;
  return last.endsWith(":") ? "it ends where a list should begin" : "it ends in the middle of a sentence";
}

/** Items without full stops are a habit of lists, if the others have none either. */
function isListOfFragments(lines: readonly string[]): boolean {
  const items = lines.filter((line) => LIST_ITEM.test(line));
  if (items.length < 3 || items.at(-1) !== lines.at(-1)) return false;
  const stopped = items.slice(0, -1).filter((line) => SENTENCE_END.test(line.trimEnd()));
  return stopped.length === 0;
}

function fences(text: string): number {
  return text.match(/^ {0,3}```/gm)?.length ?? 0;
}
