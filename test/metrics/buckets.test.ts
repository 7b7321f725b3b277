// Buckets: the same as those of the library that encodes them.
import fc from "fast-check";
import { build, type JsHistogram } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { Buckets, bucketOf, greatestIn } from "../../src/metrics/buckets.js";

const LIBRARY = build({ highestTrackableValue: 2 ** 33, numberOfSignificantValueDigits: 3 }) as JsHistogram;
const EDGES = Array.from({ length: 33 }, (_, bits) => [2 ** bits - 1, 2 ** bits, 2 ** bits + 1]).flat();
const values = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(...EDGES.filter((value) => value < 2 ** 32)),
);

describe("buckets", () => {
  it("are those of the library, and hold as greatest value what it gives for them", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(bucketOf(value)).toBe(LIBRARY.countsArrayIndex(value));
        expect(greatestIn(bucketOf(value))).toBe(LIBRARY.highestEquivalentValue(value));
      }),
      { numRuns: 1000 },
    );
  });

  it("find the bucket of each rank, and nothing beyond the last", () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 60 }), (recorded) => {
        const buckets = new Buckets();
        for (const value of recorded) buckets.add(value);
        const sorted = [...recorded].sort((a, b) => a - b);
        expect(sorted.map((_, at) => buckets.atRank(at + 1))).toEqual(
          sorted.map((value) => greatestIn(bucketOf(value))),
        );
        expect(buckets.atRank(recorded.length + 1)).toBe(0);
      }),
    );
  });

  it("add up whichever of them reaches further, and forget all when cleared", () => {
    const small = new Buckets();
    small.add(3, 2);
    const large = new Buckets();
    large.add(4_000_000_000);
    large.add(3);
    small.addAll(large);
    const found: [number, number][] = [];
    small.each((value, count) => found.push([value, count]));
    expect(found).toEqual([
      [3, 3],
      [greatestIn(bucketOf(4_000_000_000)), 1],
    ]);
    small.clear();
    small.each(() => expect.unreachable());
    small.add(5);
    expect([small.atRank(1), small.atRank(2)]).toEqual([5, 0]);
  });
});
