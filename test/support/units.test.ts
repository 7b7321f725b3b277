// Durations, sizes and rates as people write them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatUs,
  parseDurationUs,
  parseRatePerSecond,
  parseSizeBytes,
} from "../../src/support/units.js";

describe("a duration", () => {
  it.each([
    ["5s", 5_000_000],
    ["250ms", 250_000],
    ["1.5s", 1_500_000],
    ["2m", 120_000_000],
    ["1h", 3_600_000_000],
    ["1m30s", 90_000_000],
    ["40us", 40],
    ["40µs", 40],
    ["40μs", 40],
    [" 1s ", 1_000_000],
    ["0", 0],
    ["0s", 0],
  ])("%s is read", (text, us) => {
    expect(parseDurationUs(text)).toBe(us);
  });

  it.each(["", "5", "s", "5 s", "-5s", "5S", "1e3s", ".5s", "5.s", "5sec", "1s-2s", "∞"])(
    "is not what %j says",
    (text) => {
      expect(parseDurationUs(text)).toBeUndefined();
    },
  );

  it("written out is read again, to the three digits or the whole second that are shown", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_599_000_000 }), (us) => {
        const back = parseDurationUs(formatUs(us)) ?? Number.NaN;
        expect(Math.abs(back - us)).toBeLessThanOrEqual(
          us < 59_950_000 ? Math.max(0.5, us * 0.0051) : 500_000,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [0, "0µs"],
    [812, "812µs"],
    [999.7, "1.00ms"],
    [4250, "4.25ms"],
    [9999, "10.0ms"],
    [99_990, "100ms"],
    [999_499, "999ms"],
    [999_500, "1.00s"],
    [1_500_000, "1.50s"],
    [59_949_999, "59.9s"],
    [59_990_000, "1m00s"],
    [125_000_000, "2m05s"],
    [3_599_900_000, "1h00m00s"],
    [3_725_000_000, "1h02m05s"],
    [-1500, "-1.50ms"],
    [Number.POSITIVE_INFINITY, "∞"],
    [Number.NaN, "–"],
  ])("of %d µs is shown as %s", (us, text) => {
    expect(formatUs(us)).toBe(text);
  });
});

describe("a size", () => {
  it.each([
    ["512B", 512],
    ["64KiB", 65_536],
    ["1MB", 1_000_000],
    ["1.5 GiB", 1_610_612_736],
  ])("%s is read", (text, bytes) => {
    expect(parseSizeBytes(text)).toBe(bytes);
  });

  it.each(["", "1", "1kb", "-1B", "1TB", "B"])("is not what %j says", (text) => {
    expect(parseSizeBytes(text)).toBeUndefined();
  });

  it("written out is read again, to the three digits that are shown", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (bytes) => {
        const back = parseSizeBytes(formatBytes(bytes)) ?? Number.NaN;
        expect(Math.abs(back - bytes)).toBeLessThanOrEqual(bytes * 0.0051);
      }),
    );
  });
});

describe("a rate", () => {
  it("is read per second, minute or hour", () => {
    expect(parseRatePerSecond("10/s")).toBe(10);
    expect(parseRatePerSecond("300/m")).toBe(5);
    expect(parseRatePerSecond("36 / h")).toBe(0.01);
    for (const text of ["10", "10/d", "/s", "-1/s"]) expect(parseRatePerSecond(text)).toBeUndefined();
  });
});

describe("a count", () => {
  it("is grouped the same in every locale", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
  });
});
