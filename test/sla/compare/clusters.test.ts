import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clustersOf, quantileOf, totalOf } from "../../../src/sla/compare/clusters.js";

const counted = (samples: readonly number[]): readonly (readonly [number, number])[] =>
  samples.map((value) => [value, 1] as const);

describe("clusters of samples", () => {
  it("hold every sample once, whatever cluster it came in", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 50 })), { minLength: 1 }), (lists) => {
        const clusters = clustersOf([lists.map(counted)]);
        const total = totalOf(clusters);
        const all = lists.flat();
        expect(total.reduce((sum, count) => sum + count, 0)).toBe(all.length);
        for (const [index, value] of clusters.values.entries()) {
          expect(total[index]).toBe(all.filter((sample) => sample === value).length);
        }
      }),
    );
  });

  it("give the quantile of the sorted samples: the smallest value that the share does not exceed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.95, 0.99, 1),
        (samples, share) => {
          const clusters = clustersOf([[counted(samples)]]);
          const sorted = [...samples].sort((a, b) => a - b);
          const rank = Math.max(1, Math.ceil(Math.round(share * samples.length * 1e9) / 1e9));
          expect(quantileOf(clusters.values, totalOf(clusters), share)).toBe(sorted[rank - 1]);
        },
      ),
    );
  });

  it("know where each run starts, and keep silent clusters", () => {
    const clusters = clustersOf([[counted([1]), []], [counted([2])]]);
    expect(clusters.runStarts).toEqual([0, 2]);
    expect(clusters.rows).toHaveLength(3);
  });

  it("have no quantile without samples", () => {
    expect(quantileOf([1, 2], new Float64Array(2), 0.5)).toBeUndefined();
  });
});
