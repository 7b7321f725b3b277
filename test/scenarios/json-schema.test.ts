// The JSON Schema for editors.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { scenarioTypes } from "../../scripts/scenario-types.mjs";
import { AXES } from "../../src/app/axes.js";
import { jsonSchemaText, scenarioJsonSchema } from "../../src/scenarios/json-schema.js";

const committed = readFileSync("schema/scenarios.schema.json", "utf8");
const validator = z.fromJSONSchema(JSON.parse(committed));
const shipped = () => parse(readFileSync("scenarios.yaml", "utf8"));

describe("the committed JSON Schema", () => {
  it("is up to date (npm run schema)", () => {
    expect(committed).toBe(jsonSchemaText(AXES));
  });

  it("is what the committed types were made from (npm run schema)", async () => {
    expect(readFileSync("schema/scenarios.d.ts", "utf8")).toBe(await scenarioTypes());
  });

  it("accepts the shipped scenario file", () => {
    const result = validator.safeParse(shipped());
    expect(result.error?.issues).toBeUndefined();
  });

  it.each([
    ["an unknown key of a scenario", (file: Shipped) => Object.assign(file.scenarios.smoke, { sede: 1 })],
    ["an unknown step", (file: Shipped) => file.scenarios.smoke.journey.push("conect")],
    [
      "an unknown key of a nested step",
      (file: Shipped) => file.scenarios.smoke.journey.push({ loop: [{ send: { promt: "x" } }] }),
    ],
    ["an unknown check", (file: Shipped) => file.scenarios.smoke.checks.push("isolaton")],
    ["a duration without unit", (file: Shipped) => Object.assign(file.scenarios.smoke.load, { hold: "30" })],
    ["an unknown profile", (file: Shipped) => Object.assign(file.targets.reference, { profile: "x" })],
  ])("refuses %s", (_, spoil) => {
    const file = shipped();
    spoil(file);
    expect(validator.safeParse(file).success).toBe(false);
  });

  it("lets variables replace numbers and durations", () => {
    const file = shipped();
    const variable = "$".concat("{X}");
    Object.assign(file.scenarios.smoke.load, { users: variable, hold: variable });
    expect(validator.safeParse(file).success).toBe(true);
  });

  it("knows the names of all metrics", () => {
    expect(JSON.stringify(scenarioJsonSchema(AXES))).toContain(
      '"propertyNames":{"anyOf":[{"enum":["login","connect"',
    );
  });

  it("describes every key, so that editors show help", () => {
    expect(undescribed(JSON.parse(committed), "")).toEqual([]);
  });
});

interface Shipped {
  readonly targets: { readonly reference: object };
  readonly scenarios: {
    readonly smoke: { readonly load: object; readonly journey: unknown[]; readonly checks: unknown[] };
  };
}

/** Paths of properties without a description; a reference is described where it points to. */
function undescribed(node: unknown, path: string): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  const properties =
    "properties" in node && !Array.isArray(node) ? Object.entries(node.properties as object) : [];
  const bare = properties
    .filter(([, value]) => !("description" in value || "$ref" in value || "allOf" in value))
    .map(([key]) => `${path}/${key}`);
  return [...bare, ...Object.entries(node).flatMap(([key, value]) => undescribed(value, `${path}/${key}`))];
}
