import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { criticalT, twoSidedProbability } from "../../../src/sla/statistics/student.js";

describe("Student's t", () => {
  // Printed tables of the two-sided 5 % and 1 % points.
  it.each([
    [0.05, 1, 12.706],
    [0.05, 2, 4.303],
    [0.05, 14, 2.145],
    [0.05, 30, 2.042],
    [0.01, 10, 3.169],
    [0.01, 120, 2.617],
  ])("is exceeded with probability %d at %d degrees of freedom beyond %d", (probability, df, t) => {
    expect(criticalT(probability, df)).toBeCloseTo(t, 3);
    expect(twoSidedProbability(t, df)).toBeCloseTo(probability, 4);
  });

  it("nears the normal distribution with many degrees of freedom", () => {
    expect(criticalT(0.05, 1e6)).toBeCloseTo(1.95996, 4);
  });

  it("is certain of nothing at zero and of everything at infinity", () => {
    expect(twoSidedProbability(0, 5)).toBe(1);
    expect(twoSidedProbability(Number.POSITIVE_INFINITY, 5)).toBe(0);
  });

  it("falls as t grows, and never leaves 0..1", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 50, noNaN: true }),
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        (t, df) => {
          const here = twoSidedProbability(t, df);
          const further = twoSidedProbability(t + 0.5, df);
          return here >= 0 && here <= 1 && further <= here + 1e-12;
        },
      ),
    );
  });
});
