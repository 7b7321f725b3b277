// Seeded randomness.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomFrom, seedOf } from "../../src/support/random.js";

const stream = (...seed: (string | number)[]) => {
  const random = randomFrom(...seed);
  return Array.from({ length: 50 }, () => random.next());
};

describe("a stream", () => {
  it("is the same again from the same seed", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, purpose) => {
        expect(stream(seed, purpose, 7)).toEqual(stream(seed, purpose, 7));
      }),
    );
  });

  it("of one user has nothing to do with that of another, or of another purpose", () => {
    const streams = Array.from({ length: 200 }, (_, user) => stream(1, "user", user));
    expect(new Set(streams.flat()).size).toBeGreaterThan(9990);
    expect(stream(1, "user", 1)).not.toEqual(stream(1, "think", 1));
    expect(stream("a", "bc")).not.toEqual(stream("ab", "c"));
  });

  it("stays within what was asked for", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1e6 }), fc.nat(1000), (seed, bound, min) => {
        const random = randomFrom(seed);
        for (let round = 0; round < 20; round++) {
          const next = random.next();
          expect(next >= 0 && next < 1).toBe(true);
          const below = random.below(bound);
          expect(Number.isInteger(below) && below >= 0 && below < bound).toBe(true);
          const between = random.between(min, min + bound);
          expect(between >= min && between < min + bound).toBe(true);
        }
      }),
    );
  });

  it("is evenly spread", () => {
    const random = randomFrom("even");
    const buckets = new Array<number>(10).fill(0);
    for (let round = 0; round < 20_000; round++) {
      const at = random.below(10);
      buckets[at] = (buckets[at] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(250);
  });
});

describe("a seed", () => {
  it("is an unsigned number of 32 bits", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
        const seed = seedOf(...parts);
        expect(Number.isInteger(seed) && seed >= 0 && seed <= 0xffff_ffff).toBe(true);
      }),
    );
  });
});
