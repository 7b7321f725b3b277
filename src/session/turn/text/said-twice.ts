// Whether a text says everything twice, as an answer does that was streamed and then sent once more as pieces.
import { overlapsOf } from "../../../model/turn/nonce.js";

/** Shorter texts are said twice on purpose. */
const LEAST = 40;

/** Some text twice, with no more than a break between, that repeats nothing by itself: laughter and rows of dots do. */
export function saysTwice(text: string): boolean {
  for (let gap = text.length % 2; gap <= 2; gap += 2) {
    const half = (text.length - gap) / 2;
    if (half < LEAST) return false;
    if (text.slice(half, half + gap).trim() !== "" || !text.startsWith(text.slice(half + gap))) continue;
    const one = text.slice(0, half);
    const period = half - (overlapsOf(one)[half - 1] ?? 0);
    return period === half || half % period !== 0;
  }
  return false;
}
