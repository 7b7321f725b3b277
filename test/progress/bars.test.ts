// Promises of bars and sparklines.
import { describe, expect, it } from "vitest";
import { bar, sparkline } from "../../src/progress/bars.js";
import { displayWidth } from "../../src/support/terminal-text.js";

describe("bars", () => {
  it("have the requested width, whatever the share", () => {
    for (const share of [-1, 0, 0.01, 0.33, 0.999, 1, 7, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(displayWidth(bar(share, 17))).toBe(17);
    }
  });

  it("are full from 1 on, and empty at 0", () => {
    expect(bar(2, 4)).toBe("████");
    expect(bar(Number.POSITIVE_INFINITY, 4)).toBe("████");
    expect(bar(0, 4)).toBe("░░░░");
    expect(bar(0.5, 4)).toBe("██░░");
    expect(bar(0.5, 1)).toBe("▌");
  });
});

describe("sparklines", () => {
  it("show the newest values from zero to the top", () => {
    expect(sparkline([9, 0, 4, 8], 3)).toBe("▁▄█");
    expect(sparkline([50, 100], 5, 100)).toBe("▄█");
  });

  it("are flat if all values are zero, and empty without room", () => {
    expect(sparkline([0, 0], 5)).toBe("▁▁");
    expect(sparkline([1, 2], 0)).toBe("");
    expect(sparkline([], 5)).toBe("");
  });
});
