// Options of extensions are held against what their definition says, and nothing else is taken.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type OptionSpecs, option } from "../../src/extensions/options.js";
import { optionsSchema } from "../../src/extensions/options-schema.js";
import { checked } from "../../src/scenarios/parse/explain.js";

const parsed = (specs: OptionSpecs, given: unknown) => checked(optionsSchema(specs), given);
const faults = (specs: OptionSpecs, given: unknown): readonly string[] => {
  const result = parsed(specs, given);
  return result.ok ? [] : result.faults.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

const SPECS = {
  amount: option.whole({ min: 1, max: 9 }),
  wait: option.duration({ default: 250, max: 1000 }),
  note: option.text({ optional: true, pattern: /^[a-z]+$/ }),
  kind: option.choice(["card", "cash"], { default: "card" }),
};

describe("options", () => {
  it("are parsed, with what is left out at its default", () => {
    expect(parsed(SPECS, { amount: 3, wait: "1s" })).toEqual({
      ok: true,
      data: { amount: 3, wait: 1000, kind: "card" },
    });
  });

  it("may be left out altogether if none is needed", () => {
    expect(parsed({ kind: SPECS.kind }, undefined)).toEqual({ ok: true, data: { kind: "card" } });
    expect(faults({ amount: SPECS.amount }, undefined)).toEqual(["amount: is missing"]);
    expect(faults({}, { x: 1 })).toEqual(["x: unknown key `x`"]);
  });

  it.each([
    [{ amount: 0 }, "amount: must be at least 1, is 0"],
    [{ amount: 1.5 }, "amount: expected a whole number, got 1.5"],
    [{ amount: 1, wait: "2s" }, "wait: expected a duration with its unit up to 1000ms, got `2s`"],
    [{ amount: 1, wait: "soon" }, "wait: expected a duration with its unit up to 1000ms, got `soon`"],
    [{ amount: 1, kind: "coin" }, "kind: expected one of `card`, `cash`, got `coin`"],
    [{ amuont: 1 }, "amuont: unknown key `amuont`"],
  ])("refuse %j", (given, fault) => {
    expect(faults(SPECS, given)).toEqual([fault]);
  });

  it("may be described by any Standard Schema, whose faults keep their place", () => {
    const specs = { items: z.array(z.object({ sku: z.string() })) };
    expect(parsed(specs, { items: [{ sku: "a" }] })).toEqual({ ok: true, data: { items: [{ sku: "a" }] } });
    const [fault = ""] = faults(specs, { items: [{ sku: 7 }] });
    expect(fault).toMatch(/^items\.0\.sku: /);
    expect(faults(specs, {})).toHaveLength(1);
  });

  it("refuse a schema that parses asynchronously", () => {
    const specs = { items: z.string().refine(async () => true) };
    expect(faults(specs, { items: "a" })).toEqual([
      "items: its schema cannot be used: it parses asynchronously",
    ]);
  });
});
