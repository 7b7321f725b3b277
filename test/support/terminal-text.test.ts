// Promises of lines and columns in a terminal.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignColumns, cutToWidth, displayWidth, fittingColumns } from "../../src/support/terminal-text.js";
import { oneLine } from "../../src/support/text.js";

const line = fc.string({ unit: "grapheme", maxLength: 40 }).map(oneLine);

describe("the width of a line", () => {
  it("counts wide characters twice and styles not at all", () => {
    expect(displayWidth("\x1b[31m漢字\x1b[39m x")).toBe(6);
    expect(displayWidth("👩‍👩‍👧 é")).toBe(4);
  });
});

describe("cutting a line", () => {
  it("keeps to the columns, and closes the styles", () => {
    expect(cutToWidth("\x1b[31mabcdefgh\x1b[39m", 5)).toBe("\x1b[31mabcd…\x1b[0m");
    expect(cutToWidth("漢字漢字", 4)).toBe("漢…");
    expect(cutToWidth("short", 5)).toBe("short");
  });

  it("marks that a text of nothing but what takes no column was cut, too", () => {
    expect(cutToWidth(`a${"\u0301".repeat(1000)}b`, 10)).toMatch(/…$/);
  });

  it("never takes more columns than there are, whatever the characters", () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 30 }), (text, columns) => {
        expect(displayWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe("columns", () => {
  it("line up if a cell holds wide characters", () => {
    expect(
      alignColumns(
        [
          ["漢字", "1"],
          ["abc", "22"],
        ],
        (column) => column === 1,
      ),
    ).toEqual(["漢字   1", "abc   22"]);
  });

  it("end without blanks, and take rows of different lengths", () => {
    expect(alignColumns([["a", "long"], ["b"], ["c", ""]])).toEqual(["a  long", "b", "c"]);
    expect(alignColumns([])).toEqual([]);
  });

  it("start at the same place in every row", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (names) => {
        const lines = alignColumns(names.map((name) => [name, "|"]));
        const places = lines.map((shown) => displayWidth(shown.slice(0, shown.lastIndexOf("|"))));
        expect(new Set(places).size).toBe(1);
      }),
    );
  });
});

describe("a table in a narrow terminal", () => {
  const rows = [
    ["metric", "baseline", "candidate", "difference"],
    ["agent.response p50", "298ms", "389ms", "+90.4ms"],
  ];
  const fitted = (room: number): readonly string[] => fittingColumns(rows, room, 2, (column) => column > 0);

  it("leaves out its last columns where they have no room, and keeps the least that it needs", () => {
    expect(fitted(60)[1]).toBe("agent.response p50     298ms      389ms     +90.4ms");
    expect(fitted(45)[1]).toBe("agent.response p50     298ms      389ms");
    expect(fitted(10)[1]).toBe("agent.response p50     298ms");
  });
});
