// Distributions: exact counts beside a histogram that is trusted for shape only.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Distribution, HistogramEncoder } from "../../src/metrics/distribution.js";
import { MAX_SAMPLE_US } from "../../src/metrics/samples.js";

const LIMITS = [
  { us: 5_000_000, inclusive: false },
  { us: 5_000_000, inclusive: true },
] as const;
const microseconds = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: 0, max: 100_000_000 }),
  fc.constantFrom(0, 1, 4_999_999, 5_000_000, 5_000_001, MAX_SAMPLE_US),
);
const samples = fc.array(microseconds, { maxLength: 200 });

function of(values: readonly number[], censored = 0): Distribution {
  const distribution = new Distribution(LIMITS);
  for (const us of values) distribution.add(us);
  distribution.censor(censored);
  return distribution;
}

const facts = (one: Distribution) => ({
  count: one.count,
  censored: one.censored,
  attempts: one.attempts,
  min: one.minUs,
  max: one.maxUs,
  mean: one.meanUs,
  violations: one.violations,
});

describe("a distribution", () => {
  it("without samples has nothing to say, and claims no percentile of 0", () => {
    const empty = of([]);
    expect(facts(empty)).toEqual({
      count: 0,
      censored: 0,
      attempts: 0,
      min: undefined,
      max: undefined,
      mean: undefined,
      violations: [0, 0],
    });
    expect(empty.valueAt(0.99)).toBeUndefined();
  });

  it("distinguishes 0 from 1, also after it was written and read again", () => {
    const few = of([0, 0, 0, 1, 7]);
    for (const one of [few, Distribution.of(few.state(new HistogramEncoder()), LIMITS)]) {
      expect([0.5, 0.6, 0.8, 1].map((share) => one.valueAt(share))).toEqual([0, 0, 1, 7]);
    }
    const both = of([1, 1]);
    both.addAll(few);
    expect([3, 4, 6, 7].map((rank) => both.valueAt(rank / 7))).toEqual([0, 1, 1, 7]);
    expect(of([1, 2]).state(new HistogramEncoder())).not.toHaveProperty("zeros");
  });

  it("counts, and knows its least, greatest, mean and violations, exactly", () => {
    fc.assert(
      fc.property(samples, fc.nat(5), (values, censored) => {
        expect(facts(of(values, censored))).toEqual({
          count: values.length,
          censored,
          attempts: values.length + censored,
          min: values.length > 0 ? Math.min(...values) : undefined,
          max: values.length > 0 ? Math.max(...values) : undefined,
          mean: values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : undefined,
          violations: [
            values.filter((us) => us >= 5_000_000).length,
            values.filter((us) => us > 5_000_000).length,
          ],
        });
      }),
    );
  });

  it("knows their standard deviation, within the accuracy of its buckets", () => {
    fc.assert(
      fc.property(samples, fc.nat(5), (values, censored) => {
        const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
        const squares = values.reduce((sum, us) => sum + (us - mean) ** 2, 0);
        const { stdUs } = of(values, censored);
        if (values.length === 0) expect(stdUs).toBeUndefined();
        else
          expect(Math.abs((stdUs ?? 0) - Math.sqrt(squares / values.length))).toBeLessThanOrEqual(
            0.002 * Math.max(...values) + 1,
          );
      }),
    );
  });

  it("is the same whole however it is split over workers and merged, through the run log and back", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(samples, fc.nat(3)), { maxLength: 6 }), (parts) => {
        const merged = new Distribution(LIMITS);
        for (const [values, censored] of parts) {
          merged.addAll(
            Distribution.of(
              JSON.parse(JSON.stringify(of(values, censored).state(new HistogramEncoder()))),
              LIMITS,
            ),
          );
        }
        const whole = of(
          parts.flatMap(([values]) => values),
          parts.reduce((sum, [, censored]) => sum + censored, 0),
        );
        expect(facts(merged)).toEqual(facts(whole));
        for (const share of [0, 0.5, 0.95, 0.99, 1]) expect(merged.valueAt(share)).toBe(whole.valueAt(share));
      }),
      { numRuns: 60 },
    );
  });

  it("gives each percentile within 0.1 % of the exact nearest rank, censored attempts ranking last", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 400 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 100_000 }),
        (values, censored, perHundredThousand) => {
          const sorted = [...values].sort((a, b) => a - b);
          const n = values.length + censored;
          const rank = Math.max(1, Math.ceil((perHundredThousand * n) / 100_000));
          const value = of(values, censored).valueAt(perHundredThousand / 100_000);
          const exact = sorted[rank - 1];
          if (exact === undefined) expect(value).toBe(Number.POSITIVE_INFINITY);
          else
            expect(Math.abs((value ?? Number.NaN) - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.001));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes 99 % of 300 as rank 297, not 298", () => {
    const values = Array.from({ length: 300 }, (_, at) => (at < 297 ? 100 : 1000));
    expect(of(values).valueAt(0.99)).toBe(100);
  });

  it("shows no percentile beyond its greatest or below its least sample", () => {
    expect(of([1_000_001]).valueAt(0.5)).toBe(1_000_001);
    expect(of([1_000_001]).valueAt(0)).toBe(1_000_001);
  });

  it("keeps the longest sample that can be recorded as it is", () => {
    const one = of([MAX_SAMPLE_US]);
    expect(one.maxUs).toBe(MAX_SAMPLE_US);
    expect(one.valueAt(1)).toBe(MAX_SAMPLE_US);
    const back = Distribution.of(one.state(new HistogramEncoder()), LIMITS);
    expect(back.maxUs).toBe(MAX_SAMPLE_US);
  });

  it("of nothing but censored attempts is infinite, and has no mean", () => {
    const none = of([], 3);
    expect(none.valueAt(0.01)).toBe(Number.POSITIVE_INFINITY);
    expect(none.meanUs).toBeUndefined();
    expect(none.attempts).toBe(3);
  });

  it("takes a whole batch as one by one", () => {
    const encoder = new HistogramEncoder();
    fc.assert(
      fc.property(samples, samples, fc.nat(9), (first, second, censored) => {
        const batched = new Distribution(LIMITS);
        batched.addBatch({ samples: Uint32Array.from(first), censored });
        batched.addBatch({ samples: Uint32Array.from(second), censored: 0 });
        expect(batched.state(encoder)).toEqual(of([...first, ...second], censored).state(encoder));
      }),
    );
  });

  it("takes a part of a batch and nothing beside it", () => {
    const part = new Distribution(LIMITS);
    part.addSamples(Uint32Array.from([9_000_000, 0, 1, 5_000_000, 0]), 1, 4);
    expect(part.state(new HistogramEncoder())).toEqual(of([0, 1, 5_000_000]).state(new HistogramEncoder()));
  });

  it("refuses to be merged with one that counted against other limits", () => {
    expect(() => new Distribution([]).addAll(of([1]))).toThrow("different limits");
    expect(() => Distribution.of(of([1]).state(new HistogramEncoder()), [])).toThrow("different limits");
  });
});
