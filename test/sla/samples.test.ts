// How many samples a percentile needs, and how many may violate its limit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimumSamples, toleratedViolations, violatesForCertain } from "../../src/sla/samples.js";

describe("the minimum of samples", () => {
  it.each([
    [50_000, 20],
    [90_000, 29],
    [95_000, 59],
    [99_000, 299],
    [99_900, 2995],
  ])("of percentile %i per 100,000 is %i", (percentile, needed) => {
    expect(minimumSamples(percentile)).toBe(needed);
  });

  it("is never below 20, however low the percentile", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (percentile) => {
        expect(minimumSamples(percentile)).toBeGreaterThanOrEqual(20);
      }),
    );
  });
});

describe("tolerated violations", () => {
  it("are the whole part of (1 − p) · n, exactly, where floating point would err", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 10_000_000 }), (p, n) => {
        expect(BigInt(toleratedViolations(p, n))).toBe((BigInt(100_000 - p) * BigInt(n)) / 100_000n);
      }),
    );
    expect(toleratedViolations(99_000, 300)).toBe(3);
    expect(toleratedViolations(99_000, 299)).toBe(2);
  });
});

describe("a violation beyond chance", () => {
  it("is never one that the percentile tolerates", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (n) => {
        expect(violatesForCertain(99_000, n, toleratedViolations(99_000, n))).toBe(false);
      }),
    );
  });

  it("needs a probability under 5 % by the binomial tail", () => {
    // 20 samples at p95: P(≥3) = 7.5 %, P(≥4) = 1.6 %.
    expect(violatesForCertain(95_000, 20, 3)).toBe(false);
    expect(violatesForCertain(95_000, 20, 4)).toBe(true);
    // 10 samples at p99: P(≥1) = 9.6 %, P(≥2) = 0.4 %.
    expect(violatesForCertain(99_000, 10, 1)).toBe(false);
    expect(violatesForCertain(99_000, 10, 2)).toBe(true);
  });

  it("stays certain when more samples violate, up to all of them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 300 }), (n, some) => {
        const violations = Math.min(n, some);
        if (violatesForCertain(95_000, n, violations)) expect(violatesForCertain(95_000, n, n)).toBe(true);
      }),
    );
    expect(violatesForCertain(99_000, 3, 3)).toBe(true);
  });

  it("can be told of a million samples", () => {
    expect(violatesForCertain(99_000, 1_000_000, 10_050)).toBe(false);
    expect(violatesForCertain(99_000, 1_000_000, 10_500)).toBe(true);
  });
});
