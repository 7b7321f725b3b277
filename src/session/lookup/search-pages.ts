// The pages of one search: whether there are more, and whether the reported total can be right.
import type { HistoryPage, HistoryRow } from "../../profiles/profile.js";

export class SearchPages {
  readonly #limit: number;
  #size: number;
  readonly #hits: HistoryRow[] = [];
  readonly #ids = new Set<string>();
  #read = 0;
  #total: number | undefined;
  /** The last page was not full. */
  #short = false;
  /** The last page had no new hits. */
  #dry = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.#size = limit;
  }

  /** Hits to request: at most the service's own page size, by which it counts its pages. */
  get size(): number {
    return this.#size;
  }

  /** Hits so far: where the next page starts. */
  get read(): number {
    return this.#read;
  }

  /** @param further it was only read to see whether there is more */
  add({ rows, total }: HistoryPage, further = false): void {
    this.#dry = !rows.some(({ id }) => id === "" || !this.#ids.has(id));
    this.#short = rows.length < this.#limit;
    this.#read += rows.length;
    if (rows.length > 0) this.#size = Math.min(this.#size, rows.length);
    this.#total = total;
    // If a service always returns the same page, that does not count as repeated hits.
    if (!further || !this.#dry) for (const row of rows) this.#hits.push(row);
    for (const { id } of rows) this.#ids.add(id);
  }

  /** There is no further hit. */
  get complete(): boolean {
    return this.#dry || (this.#total === undefined ? this.#short : this.#read >= this.#total);
  }

  /** The page was not full, but there should be more: the service limits pages, or its total is wrong. */
  get inDoubt(): boolean {
    return this.#short && !this.complete;
  }

  found(): {
    readonly hits: readonly HistoryRow[];
    readonly complete: boolean;
    /** Hits that the service counts but shows on no page; 0 if its total is right, or absent. */
    readonly untold: number;
  } {
    const missing = this.#dry && this.#total !== undefined ? Math.max(0, this.#total - this.#hits.length) : 0;
    return { hits: this.#hits, complete: this.complete, untold: missing };
  }
}
