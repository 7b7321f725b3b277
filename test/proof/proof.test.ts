// Promises of the proof's page and command line.
import { describe, expect, it } from "vitest";
import { bursts, grownBeside } from "./backend-stats.js";
import { helpText, optionsOf } from "./options.js";
import { BROKEN, HOLDS, pageWith, partOf, withEarlierRows } from "./page.js";
import { wanted } from "./section.js";

const WHERE = { day: "2026-01-31", cores: 2, node: "v20.19.0", platform: "linux x64", version: "0.1.0" };
const section = (title: string) => ({
  title,
  about: "What it is.",
  named: true,
  run: () => Promise.reject(new Error()),
});
const result = { holds: true, summary: "2 of 2 hold.", columns: ["row", ">n"], rows: [["a|b_c <i>\n", "3"]] };

describe("the page of the proof", () => {
  it("says of each part what it is, whether it holds, when and where it ran, and every row", () => {
    const part = partOf(section("The matrix"), result, WHERE);
    expect(part.split("\n")).toEqual([
      "## The matrix",
      "",
      "What it is.",
      "",
      "**✓ 2 of 2 hold.** 2026-01-31 · 2 cores · Node 20.19.0 · linux x64 · gp-load 0.1.0",
      "",
      "| row | n |",
      "| --- | ---: |",
      "| a\\|b\\_c &lt;i> | 3 |",
    ]);
    expect(partOf(section("x"), { ...result, holds: false }, WHERE)).toContain("**✗ 2 of 2 hold.**");
  });

  it("keeps the parts that were not run again, in the order of the table, and drops those that are no more", () => {
    const titles = ["One", "Two", "Three"];
    const first = pageWith(
      "",
      titles,
      new Map([
        ["Two", "## Two\n\nold"],
        ["Three", "## Three\n\nthird"],
      ]),
    );
    const second = pageWith(
      `${first}\n## Gone\n\nx\n`,
      titles,
      new Map([
        ["Two", "## Two\n\nnew"],
        ["One", "## One\n\nfirst"],
      ]),
    );
    expect(second).toMatch(/^# Proof\n/);
    expect([...second.matchAll(/^## (.*)\n\n(.*)$/gm)].map(([, title, text]) => [title, text])).toEqual([
      ["One", "first"],
      ["Two", "new"],
      ["Three", "third"],
    ]);
    expect(pageWith(second, titles, new Map())).toBe(second);
  });
});

describe("rows that are run again", () => {
  const named = {
    ...section("The matrix"),
    rowNames: 2,
    summaryOf: (held: number, rows: number) => `${held} of ${rows} hold.`,
  };
  const columns = ["scenario", "what", ">n", "holds"];
  const page = pageWith(
    "",
    [named.title, "Other"],
    new Map([
      [
        named.title,
        partOf(
          named,
          {
            holds: false,
            summary: "1 of 2 hold.",
            columns,
            rows: [
              ["a|b", "x_1", "3", BROKEN],
              ["a|b", "y", "4", HOLDS],
            ],
          },
          WHERE,
        ),
      ],
      ["Other", partOf(section("Other"), result, WHERE)],
    ]),
  );

  it("take the place of those rows, and the sum is made again", () => {
    const again = { holds: true, summary: "", columns, rows: [["a|b", "x_1", "5", HOLDS]] };
    expect(withEarlierRows(page, named, again)).toEqual({
      holds: true,
      summary: "2 of 2 hold.",
      columns,
      rows: [
        ["a|b", "x_1", "5", HOLDS],
        ["a|b", "y", "4", HOLDS],
      ],
    });
  });

  it("stand behind the others if the page does not have them, and what broke before stays broken", () => {
    const another = { holds: true, summary: "", columns, rows: [["c", "z", "1", HOLDS]] };
    const all = withEarlierRows(page, named, another);
    expect(all.rows.map(([scenario, what]) => [scenario, what])).toEqual([
      ["a|b", "x_1"],
      ["a|b", "y"],
      ["c", "z"],
    ]);
    expect(all).toMatchObject({ holds: false, summary: "2 of 3 hold." });
    expect(withEarlierRows("", named, another)).toMatchObject({ holds: true, summary: "1 of 1 hold." });
  });
});

describe("the bursts of a counter", () => {
  it("are what it grew by, between readings in which it stood still", () => {
    expect(bursts([0, 0, 3, 10, 10, 10, 10, 12, 12, 13, 13, 13])).toEqual([10, 3]);
    expect(bursts([5, 6, 6, 6, 7])).toEqual([1, 1]);
    expect(bursts([4, 4, 4])).toEqual([]);
    expect(bursts([])).toEqual([]);
  });

  it("are told from what another counter grew by at the same time", () => {
    const duplicates = [0, 1, 1, 1, 4, 9, 9, 9, 10, 10];
    const connections = [5, 5, 8, 8, 8, 8, 8, 11, 11, 11];
    expect(grownBeside(duplicates, connections)).toBe(2);
    expect(grownBeside(duplicates, [5, 5, 5])).toBe(0);
  });
});

describe("the command line of the proof", () => {
  const known = ["matrix", "smoke"] as const;

  it("runs all parts, or those that are named", () => {
    expect(optionsOf([], known)).toMatchObject({ sections: known, filter: [], runs: undefined });
    expect(optionsOf(["--only", "smoke", "--runs", "2"], known)).toMatchObject({
      sections: ["smoke"],
      runs: 2,
    });
    expect(optionsOf(["--row", "a", "--row", "b"], known).filter).toEqual(["a", "b"]);
    expect(helpText({ smoke: "In a row" })).toContain("smoke      In a row");
  });

  it("takes what bears one of the texts in its name", () => {
    expect(wanted("smoke: x", { filter: [] })).toBe(true);
    expect(wanted("smoke: x", { filter: ["y", "oke"] })).toBe(true);
    expect(wanted("smoke: x", { filter: ["y"] })).toBe(false);
  });

  it.each([
    [["--only", "smok"], /no part smok; there is: matrix, smoke/],
    [["--runs", "0"], /--runs 0 is not/],
    [["--minutes", "0.5"], /--minutes 0.5 is not/],
    [["--minutes", "long"], /--minutes long is not/],
    [["--rows", "x"], /--rows/],
  ])("refuses %j", (args, message) => {
    expect(() => optionsOf(args, known)).toThrow(message);
  });
});
