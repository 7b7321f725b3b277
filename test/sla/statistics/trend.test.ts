// Promises of the trend: what it takes for growth, and how seldom it is wrong.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Series, trendOf } from "../../../src/sla/statistics/trend.js";
import { type Random, randomFrom } from "../../../src/support/random.js";
import { defined } from "../../support/defined.js";

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Seconds of noise that remembers the second before by `memory`, times a growth. */
function noisy(seconds: number, memory: number, grown: (share: number) => number, seed: number): Series {
  const random = randomFrom("trend", seconds, memory, seed);
  let state = normal(random) / Math.sqrt(1 - memory * memory);
  return Array.from({ length: seconds }, (_, second) => {
    state = memory * state + normal(random);
    return [second, 100 * grown(second / seconds) * Math.exp(0.2 * state)] as const;
  });
}

/** Share of 400 series that are said to grow. */
function alarms(seconds: number, memory: number, grown: (share: number) => number): number {
  const series = Array.from({ length: 400 }, (_, seed) => noisy(seconds, memory, grown, seed));
  return series.filter((one) => trendOf(one, "median")?.grows).length / series.length;
}

const steady = (): number => 1;

describe("the trend of a hold", () => {
  it.each([
    [20, 0.5],
    [60, 0],
    [60, 0.5],
    [60, 0.8],
    [240, 0.8],
    [240, 0.95],
    [1200, 0.95],
    [240, 0.999],
  ])(
    "calls no more than 5 %% of steady holds of %i s growing, however much (%d) a second resembles the last",
    (seconds, memory) => {
      expect(alarms(seconds, memory, steady)).toBeLessThanOrEqual(0.05);
    },
  );

  it.each([
    ["doubles evenly", (share: number) => 1 + share],
    ["is twice as much in the second half", (share: number) => (share < 0.5 ? 1 : 2)],
    ["is three times as much in the last quarter", (share: number) => (share < 0.75 ? 1 : 3)],
  ])("finds what %s", (_, grown) => {
    expect(alarms(60, 0, grown)).toBeGreaterThan(0.9);
    expect(alarms(240, 0.5, grown)).toBeGreaterThan(0.9);
  });

  it("finds what grows evenly along a curve, though its distance from every line is no noise", () => {
    const curve: Series = Array.from({ length: 90 }, (_, at) => [at, 10 * Math.sqrt(1 + at) + (at % 3) / 10]);
    expect(trendOf(curve, "median")?.grows).toBe(true);
    expect(
      trendOf(
        curve.map(([at, y]) => [at, -y] as const),
        "median",
      )?.grows,
    ).toBe(false);
  });

  it("never says that what falls grows", () => {
    expect(alarms(60, 0.5, (share) => 2 - share)).toBeLessThanOrEqual(0.01);
  });

  it("tells the slope of a line exactly, with an interval that holds it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 600 }), fc.integer({ min: -50, max: 50 }), (seconds, slope) => {
        const trend = defined(
          trendOf(
            Array.from({ length: seconds }, (_, at) => [at, 1e6 + slope * at]),
            "mean",
          ),
        );
        // The last block may be shorter than the others, so its middle lies elsewhere.
        expect(trend.slope.value).toBeCloseTo(slope, 3);
        expect(trend.slope.low).toBeLessThanOrEqual(slope + 1e-6);
        expect(trend.slope.high).toBeGreaterThanOrEqual(slope - 1e-6);
        expect(trend.grows).toBe(slope > 0);
      }),
    );
  });

  it("says the same of values in another unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.constantFrom(1e-3, 1000, 1e6), (seed, unit) => {
        const series = noisy(60, 0.5, (share) => 1 + share / 2, seed);
        const one = defined(trendOf(series, "median"));
        const other = defined(
          trendOf(
            series.map(([at, value]) => [at, value * unit] as const),
            "median",
          ),
        );
        expect(other.grows).toBe(one.grows);
        expect(other.slope.value / unit).toBeCloseTo(one.slope.value, 6);
      }),
    );
  });

  it("is not told of fewer than eight blocks, nor of a hold that has only one half", () => {
    expect(trendOf(noisy(7, 0, steady, 1), "median")).toBeUndefined();
    expect(trendOf(noisy(8, 0, steady, 1), "median")).toBeDefined();
    expect(trendOf(noisy(60, 0, steady, 1), "median", 59)).toBeUndefined();
    expect(trendOf([], "median")).toBeUndefined();
  });

  it("takes what never ended for the slowest that did", () => {
    const series: Series = Array.from({ length: 40 }, (_, at) => [
      at,
      at < 20 ? 5 + (at % 2) : Number.POSITIVE_INFINITY,
    ]);
    const { slope, rise, second } = defined(trendOf(series, "median"));
    expect([slope.value, rise.value, second].every(Number.isFinite)).toBe(true);
  });

  it("looks at the floor if it is told to: a sawtooth whose teeth start as low as ever does not grow", () => {
    const teeth: Series = Array.from({ length: 240 }, (_, at) => [at, 100 + (at % 7) * (1 + at / 60)]);
    expect(trendOf(teeth, "least")?.grows).toBe(false);
    expect(trendOf(teeth, "mean")?.grows).toBe(true);
  });
});
