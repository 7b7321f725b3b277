// Cuts the seconds of a hold into blocks long enough that one tells little of the next.

/** Blocks that a run is cut into, at most. */
const MOST_BLOCKS = 24;
/** Seconds that a block lasts, at least. */
const SHORTEST_BLOCK = 2;

/** Length of a block for so many seconds of hold. */
export function blockSeconds(holdSeconds: number): number {
  return Math.max(SHORTEST_BLOCK, Math.ceil(holdSeconds / MOST_BLOCKS));
}

/** Sorts things of seconds into blocks, in order; the last one may be shorter, and joins its neighbour then. */
export function intoBlocks<T>(items: readonly T[], length: number): readonly (readonly T[])[] {
  const blocks: T[][] = [];
  for (let at = 0; at < items.length; at += length) blocks.push(items.slice(at, at + length));
  const last = blocks.at(-1);
  if (blocks.length > 1 && last && last.length < length / 2) {
    blocks.pop();
    blocks.at(-1)?.push(...last);
  }
  return blocks;
}
