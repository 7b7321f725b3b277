// Units as people write them, and suggestions for what they mistyped.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checked } from "../../../src/scenarios/parse/explain.js";
import { nearest } from "../../../src/scenarios/parse/suggest.js";
import { duration, rate, size, whole } from "../../../src/scenarios/schema/fields.js";

const UNITS = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;

describe("fields", () => {
  it("durations of every unit parse to whole microseconds", () => {
    const unit = fc.constantFrom(...(Object.keys(UNITS) as (keyof typeof UNITS)[]));
    fc.assert(
      fc.property(fc.nat(100_000), unit, (count, name) => {
        expect(checked(duration("d", "1s"), `${count}${name}`)).toEqual({
          ok: true,
          data: count * UNITS[name],
        });
      }),
    );
  });

  it("a number without unit is no duration, except 0", () => {
    expect(checked(duration("d", "1s"), 0)).toEqual({ ok: true, data: 0 });
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (count) => {
        expect(checked(duration("d", "1s"), count).ok).toBe(false);
        expect(checked(duration("d", "1s"), String(count)).ok).toBe(false);
      }),
    );
  });

  it("bounds hold on both ends, inclusively", () => {
    const field = whole("n", 1, { min: 2, max: 4 });
    expect([1, 2, 3, 4, 5].map((value) => checked(field, value).ok)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it("rates and sizes parse with their units", () => {
    expect(checked(rate("r", "10/s"), "300/m")).toEqual({ ok: true, data: 5 });
    expect(checked(size("s", "1MiB"), "64KiB")).toEqual({ ok: true, data: 65_536 });
    expect(checked(size("s", "1MiB"), "64 Kb").ok).toBe(false);
  });

  it("whole numbers refuse what only looks like one", () => {
    for (const value of [1.5, Number.NaN, 1e300, "1e3", "", " 1", true, null, [], {}]) {
      expect(checked(whole("n", 1), value).ok).toBe(false);
    }
  });
});

describe("did you mean", () => {
  it("finds a name with a letter missing, doubled or swapped", () => {
    const names = ["agent.response", "message.processing", "history.query"];
    expect(nearest("agent.respons", names)).toBe("agent.response");
    expect(nearest("agnet.response", names)).toBe("agent.response");
    expect(nearest("History.Query", names)).toBe("history.query");
  });

  it("says nothing rather than something far-fetched", () => {
    expect(nearest("zebra", ["users", "hold", "ramp"])).toBeUndefined();
    expect(nearest("x", ["y"])).toBeUndefined();
  });
});
