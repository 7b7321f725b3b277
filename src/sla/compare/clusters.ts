// The samples of one metric in clusters: one block of time, or one group of users; and how to cut a hold into blocks.
//
// Samples of one user resemble each other, and so do samples of one moment. A bootstrap of single samples would treat them
// as independent and find differences where there are none; so it draws whole clusters.

/** Counts over a common, ascending list of values. */
export interface Clusters {
  /** Distinct values, ascending, microseconds. */
  readonly values: readonly number[];
  /** One row per cluster, one count per value. */
  readonly rows: readonly Float64Array[];
  /** First row of each run: runs are drawn first, then clusters within a run. */
  readonly runStarts: readonly number[];
}

/** One cluster: [value in microseconds, count]. */
export type ClusterCounts = readonly (readonly [number, number])[];

/** Puts the clusters of several runs on one list of values. Keeps empty ones: a silent moment counts, too. */
export function clustersOf(runs: readonly (readonly ClusterCounts[])[]): Clusters {
  const distinct = new Set<number>();
  for (const clusters of runs)
    for (const cluster of clusters) for (const [value] of cluster) distinct.add(value);
  const values = [...distinct].sort((a, b) => a - b);
  const place = new Map(values.map((value, index) => [value, index]));
  const rows: Float64Array[] = [];
  const runStarts: number[] = [];
  for (const clusters of runs) {
    runStarts.push(rows.length);
    for (const cluster of clusters) {
      const row = new Float64Array(values.length);
      for (const [value, count] of cluster) {
        const index = place.get(value);
        if (index !== undefined) row[index] = (row[index] ?? 0) + count;
      }
      rows.push(row);
    }
  }
  return { values, rows, runStarts };
}

export function totalOf({ values, rows }: Clusters): Float64Array {
  const total = new Float64Array(values.length);
  for (const row of rows) addRow(total, row, 1);
  return total;
}

export function addRow(total: Float64Array, row: Float64Array, times: number): void {
  for (let i = 0; i < row.length; i++) total[i] = (total[i] ?? 0) + times * (row[i] ?? 0);
}

/**
 * The smallest value that at least `share` of all do not exceed; `undefined` without samples.
 */
export function quantileOf(
  values: readonly number[],
  counts: Float64Array,
  share: number,
): number | undefined {
  let n = 0;
  for (const count of counts) n += count;
  if (n <= 0) return undefined;
  // The last bit of a product must not move the rank by one.
  const rank = share * n * (1 - 1e-12);
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i] ?? 0;
    if (seen >= rank && (counts[i] ?? 0) > 0) return values[i];
  }
  return values.at(-1);
}

const MAX_BLOCKS = 24;
const SHORTEST_BLOCK = 2;

export function blockSeconds(holdSeconds: number): number {
  return Math.max(SHORTEST_BLOCK, Math.ceil(holdSeconds / MAX_BLOCKS));
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
