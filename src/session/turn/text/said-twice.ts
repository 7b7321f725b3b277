// Detects a text that is doubled, such as an answer that was streamed and then sent again as pieces.
import { overlapsOf } from "../../../model/turn/nonce.js";

/** Shorter texts may be repeated on purpose. */
const LEAST = 40;

/** Some text twice, at most a line break apart, that is not itself repetitive, like laughter or rows of dots. */
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
