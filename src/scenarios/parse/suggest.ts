// "Did you mean": the known name nearest to a mistyped one.
import { distance } from "fastest-levenshtein";

/**
 * The candidate nearest to `word`, if one is near: at most a third of the letters (but two at least) may differ, since
 * a far-fetched suggestion is worse than none.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const limit = Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const apart = distance(wanted, candidate.toLowerCase());
    if (apart < bestDistance && apart < word.length) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

export function didYouMean(near: string): string {
  return `did you mean \`${near}\`?`;
}

/** A hint for an unknown name: the nearest one, otherwise the list of all, cut if long. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return didYouMean(near);
  if (candidates.length === 0) return undefined;
  const shown = candidates.slice(0, 20).join(", ");
  return `known: ${shown}${candidates.length > 20 ? ", …" : ""}`;
}
