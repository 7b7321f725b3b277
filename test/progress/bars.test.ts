// Promises of bars, sparklines and cutting lines.
import { describe, expect, it } from "vitest";
import { bar, sparkline } from "../../src/progress/bars.js";
import { columnsOf, cutToColumns } from "../../src/progress/text.js";

describe("bars", () => {
  it("are as wide as asked, whatever the share", () => {
    for (const share of [-1, 0, 0.01, 0.33, 0.999, 1, 7, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(columnsOf(bar(share, 17))).toBe(17);
    }
  });

  it("are full from 1 on, and empty at nothing", () => {
    expect(bar(2, 4)).toBe("████");
    expect(bar(Number.POSITIVE_INFINITY, 4)).toBe("████");
    expect(bar(0, 4)).toBe("░░░░");
    expect(bar(0.5, 4)).toBe("██░░");
    expect(bar(0.5, 1)).toBe("▌");
  });
});

describe("sparklines", () => {
  it("show the newest values from nothing to the top", () => {
    expect(sparkline([9, 0, 4, 8], 3)).toBe("▁▄█");
    expect(sparkline([50, 100], 5, 100)).toBe("▄█");
  });

  it("are flat where all is zero, and empty without room", () => {
    expect(sparkline([0, 0], 5)).toBe("▁▁");
    expect(sparkline([1, 2], 0)).toBe("");
    expect(sparkline([], 5)).toBe("");
  });
});

describe("cutting a line", () => {
  it("counts wide characters twice and styles not at all", () => {
    expect(columnsOf("\x1b[31m漢字\x1b[39m x")).toBe(6);
  });

  it("keeps to the columns and closes the styles", () => {
    const cut = cutToColumns("\x1b[31mabcdefgh\x1b[39m", 5);
    expect(cut).toBe("\x1b[31mabcd…\x1b[0m");
    expect(columnsOf(cutToColumns("漢字漢字", 5))).toBeLessThanOrEqual(5);
    expect(cutToColumns("short", 5)).toBe("short");
  });
});
