// What reports of usage come to, and what they cost.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  costOf,
  type PriceList,
  reportedCount,
  TurnUsage,
  type UsageReport,
  type UsageReports,
} from "../../../src/model/turn/usage.js";

const NAN = Number.NaN;

function report(reports: UsageReports, fields: Partial<UsageReport>): UsageReport {
  const nothing = {
    input: NAN,
    output: NAN,
    cached: NAN,
    reasoning: NAN,
    calls: NAN,
    model: undefined,
    lies: 0,
  };
  return { ...nothing, reports, ...fields };
}

describe("a reported count", () => {
  it.each([0, 1, 12, 1_000_000_000])("is %d if that is one", (value) => {
    expect(reportedCount(value)).toBe(value);
  });

  it.each([undefined, null])("is nothing for %s", (value) => {
    expect(reportedCount(value)).toBeNaN();
  });

  it.each([-1, 1.5, 1e12, 1_000_000_001, Number.POSITIVE_INFINITY, "12", true, {}, []])(
    "is a lie where %s stands",
    (value) => {
      expect(reportedCount(value)).toBeUndefined();
    },
  );
});

describe("the reports of a turn", () => {
  it("replace one another number by number, where the last word counts", () => {
    const usage = new TurnUsage();
    usage.add(report("last", { input: 100, output: 1, model: "m" }));
    usage.add(report("last", { output: 40, lies: 1 }));
    expect(usage).toMatchObject({ input: 100, output: 40, model: "m", lies: 1, mixed: false });
    expect(usage.cached).toBeNaN();
    expect(usage.reported).toBe(true);
  });

  it("add up if each is of one call, and mix models", () => {
    const usage = new TurnUsage();
    usage.add(report("each", { input: 100, output: 5, calls: 1, model: "a" }));
    usage.add(report("each", { input: 120, output: 6, calls: 1, model: "b" }));
    expect(usage).toMatchObject({ input: 220, output: 11, calls: 2, mixed: true });
    expect(costOf(usage, { currency: "USD", models: { "*": { input: 1, output: 1 } } })).toBeUndefined();
  });

  it("that hold no token are none", () => {
    const usage = new TurnUsage();
    usage.add(report("last", { calls: 3 }));
    expect(usage.reported).toBe(false);
  });
});

describe("the cost of a turn", () => {
  const prices: PriceList = {
    currency: "USD",
    models: { "gpt-4o": { input: 2.5, output: 10, cached: 1.25 }, tiny: { input: 0.15, output: 0.6 } },
  };
  const used = (fields: Partial<UsageReport>): TurnUsage => {
    const usage = new TurnUsage();
    usage.add(report("last", { input: 1000, output: 100, ...fields }));
    return usage;
  };

  it.each([
    ["gpt-4o", {}, 3500],
    ["gpt-4o", { cached: 400 }, 3000],
    ["gpt-4o-2024-08-06", {}, 3500],
    ["gpt-4o-20240806", {}, 3500],
    ["tiny", { cached: 1000 }, 210],
    ["gpt-4o-mini", {}, undefined],
    ["constructor", {}, undefined],
    [undefined, {}, undefined],
    ["tiny", { output: NAN }, undefined],
  ])("of %s is reckoned in millionths by its price, or unknown", (model, fields, cost) => {
    expect(costOf(used({ model, ...fields }), prices)).toBe(cost);
  });

  it("is that of any model, if the list has one for all", () => {
    const all = { ...prices, models: { ...prices.models, "*": { input: 1, output: 1 } } };
    expect(costOf(used({ model: "gpt-4o-mini" }), all)).toBe(1100);
    expect(costOf(used({}), all)).toBe(1100);
  });

  it("never falls with more tokens, and is a whole number", () => {
    const tokens = fc.nat(1_000_000);
    fc.assert(
      fc.property(tokens, tokens, tokens, fc.nat(1000), (input, output, more, cached) => {
        const cost = (out: number) =>
          costOf(used({ input: input + cached, output: out, cached, model: "gpt-4o" }), prices) ?? NAN;
        expect(Number.isInteger(cost(output))).toBe(true);
        expect(cost(output + more)).toBeGreaterThanOrEqual(cost(output));
      }),
    );
  });
});
