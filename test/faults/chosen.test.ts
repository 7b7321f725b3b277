// Whom a fault strikes: an exact share, the same everywhere, another the next time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chosenUsers } from "../../src/faults/chosen.js";

const everybody = (count: number): number[] => Array.from({ length: count }, (_, user) => user);

describe("the users that a fault strikes", () => {
  it("are exactly the share of those that are there, and at least one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (count, share) => {
          const chosen = chosenUsers(everybody(count), share, 1, 0, 0);
          expect(chosen.size).toBe(Math.max(1, Math.round(share * count)));
          for (const user of chosen) expect(user).toBeLessThan(count);
        },
      ),
    );
    expect(chosenUsers([], 0.5, 1, 0, 0).size).toBe(0);
  });

  it("are the same for the same seed, whatever the order, and others for each occurrence", () => {
    const forwards = chosenUsers(everybody(100), 0.3, 5, 2, 1);
    const backwards = chosenUsers(everybody(100).reverse(), 0.3, 5, 2, 1);
    expect([...forwards].sort()).toEqual([...backwards].sort());
    expect([...chosenUsers(everybody(100), 0.3, 5, 2, 2)].sort()).not.toEqual([...forwards].sort());
  });
});
