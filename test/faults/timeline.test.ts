// From the lines of a timeline to instants: repeated, jittered, repeatable, and never beyond the load.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { occurrences } from "../../src/faults/timeline.js";
import type { FaultSpec } from "../../src/scenarios/scenario.js";

const S = 1_000_000;
const LOAD_US = 600 * S;

function fault(fields: Partial<FaultSpec> = {}): FaultSpec {
  const base = { atUs: 10 * S, forUs: 0, everyUs: undefined, jitterUs: 0, action: "x", options: {} };
  return { ...base, ...fields };
}

const specs = fc
  .record({
    atUs: fc.integer({ min: 0, max: LOAD_US }),
    forUs: fc.integer({ min: 0, max: 60 * S }),
    gapUs: fc.option(fc.integer({ min: S, max: 120 * S }), { nil: undefined }),
    jitterUs: fc.integer({ min: 0, max: 20 * S }),
  })
  .map(({ gapUs, ...rest }) =>
    fault({ ...rest, everyUs: gapUs === undefined ? undefined : gapUs + rest.forUs + rest.jitterUs }),
  );

describe("a timeline", () => {
  it("without repeats and jitter happens exactly as written", () => {
    expect(occurrences([fault({ forUs: 5 * S })], 1, LOAD_US)).toEqual([
      { fault: 0, occurrence: 0, beginUs: 10 * S, endUs: 15 * S },
    ]);
  });

  it("repeats at its distance, and leaves room behind the last end to see it heal", () => {
    const all = occurrences([fault({ forUs: 5 * S, everyUs: 60 * S })], 1, 145 * S);
    expect(all.map(({ beginUs }) => beginUs / S)).toEqual([10, 70, 130]);
    expect(occurrences([fault({ forUs: 5 * S, everyUs: 60 * S })], 1, 144 * S)).toHaveLength(2);
  });

  it("is the same for the same seed, and another for another", () => {
    const faults = [fault({ jitterUs: 20 * S, everyUs: 30 * S })];
    const begins = (seed: number): number[] =>
      occurrences(faults, seed, LOAD_US).map(({ beginUs }) => beginUs);
    expect(begins(7)).toEqual(begins(7));
    expect(begins(7)).not.toEqual(begins(8));
    expect(new Set(begins(7).map((us, n) => us - n * 30 * S)).size).toBeGreaterThan(5);
  });

  it("never starts early, nor later than its jitter, never overlaps itself, and stays in order", () => {
    fc.assert(
      fc.property(fc.array(specs, { maxLength: 5 }), fc.integer({ min: 0, max: 1000 }), (faults, seed) => {
        const all = occurrences(faults, seed, LOAD_US);
        const lastEnd = new Map<number, number>();
        let before = 0;
        for (const { fault: at, occurrence, beginUs, endUs } of all) {
          const spec = faults[at] ?? fault();
          const nominalUs = spec.atUs + occurrence * (spec.everyUs ?? 0);
          expect(beginUs).toBeGreaterThanOrEqual(nominalUs);
          expect(beginUs).toBeLessThanOrEqual(nominalUs + spec.jitterUs);
          expect(Number.isInteger(beginUs)).toBe(true);
          expect(endUs - beginUs).toBe(spec.forUs);
          expect(beginUs).toBeGreaterThanOrEqual(lastEnd.get(at) ?? 0);
          expect(beginUs).toBeGreaterThanOrEqual(before);
          if (occurrence > 0) expect(endUs).toBeLessThan(LOAD_US);
          lastEnd.set(at, endUs);
          before = beginUs;
        }
        for (const at of faults.keys()) expect(all.some((one) => one.fault === at)).toBe(true);
      }),
    );
  });

  it("draws for one fault without regard to the others", () => {
    const mine = fault({ jitterUs: 9 * S, everyUs: 40 * S });
    const alone = occurrences([fault(), mine], 3, LOAD_US).filter(({ fault: at }) => at === 1);
    const other = fault({ jitterUs: 5 * S, everyUs: 10 * S });
    expect(occurrences([other, mine], 3, LOAD_US).filter(({ fault: at }) => at === 1)).toEqual(alone);
  });
});
