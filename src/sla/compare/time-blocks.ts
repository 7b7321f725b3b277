// Cuts the seconds of a hold into blocks long enough to be nearly independent.

const MOST_BLOCKS = 24;
const SHORTEST_BLOCK = 2;

export function blockSeconds(holdSeconds: number): number {
  return Math.max(SHORTEST_BLOCK, Math.ceil(holdSeconds / MOST_BLOCKS));
}

/** Groups items of seconds into blocks; a shorter last block joins its neighbour. */
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
