// The pages of one search: whether there is more, and whether the told total can be true.
import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../../../src/profiles/profile.js";
import { SearchPages } from "../../../src/session/lookup/search-pages.js";

const rows = (...ids: readonly string[]): readonly HistoryRow[] =>
  ids.map((id) => ({ id, role: "user", text: "", links: [] }));

describe("the pages of a search", () => {
  it("are all there when one is not full and no total says otherwise, or when the total is read", () => {
    const untold = new SearchPages(3);
    untold.add({ rows: rows("a", "b", "c"), total: undefined });
    expect([untold.complete, untold.inDoubt]).toEqual([false, false]);
    untold.add({ rows: rows("d"), total: undefined });
    expect(untold.found()).toMatchObject({ complete: true, untold: 0 });
    const told = new SearchPages(3);
    told.add({ rows: rows("a", "b", "c"), total: 3 });
    expect(told.found()).toMatchObject({ complete: true, untold: 0 });
  });

  it("are in doubt if one is not full and more are said to be there", () => {
    const pages = new SearchPages(20);
    pages.add({ rows: rows("a", "b"), total: 4 });
    expect([pages.complete, pages.inDoubt, pages.read]).toEqual([false, true, 2]);
    pages.add({ rows: rows("c", "d"), total: 4 }, true);
    expect(pages.found()).toMatchObject({ complete: true, untold: 0, hits: rows("a", "b", "c", "d") });
  });

  it("show that the total is wrong once there is nothing further", () => {
    for (const further of [[], rows("a")]) {
      const pages = new SearchPages(20);
      pages.add({ rows: rows("a"), total: 47 });
      pages.add({ rows: further, total: 47 }, true);
      expect(pages.found()).toEqual({ hits: rows("a"), complete: true, untold: 46 });
    }
  });

  it("that were requested keep repetitions: a hit shown twice is a fault", () => {
    const pages = new SearchPages(1);
    pages.add({ rows: rows("a"), total: undefined });
    pages.add({ rows: rows("a"), total: undefined });
    expect(pages.found().hits).toHaveLength(2);
  });
});
