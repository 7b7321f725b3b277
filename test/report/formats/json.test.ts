// Promises of report.json, its schema and its documentation.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runReport } from "../../../src/model/report/report.js";
import { renderJson, reportJsonSchema } from "../../../src/report/formats/json.js";
import { emptySample, failSample, longSample, passSample } from "../samples.js";

const samples = [
  ["PASS", passSample],
  ["FAIL", failSample],
  ["INVALID", emptySample],
] as const;

describe("report.json", () => {
  it.each(samples)("of %s is exactly the report", (_, sample) => {
    const { report } = sample();
    expect(JSON.parse(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it.each(samples)("of %s is what its schema says", (_, sample) => {
    expect(() => runReport.parse(JSON.parse(renderJson(sample().report)))).not.toThrow();
  });

  it("has the same bytes whatever the order in which the report was put together", () => {
    const { report } = failSample();
    const turned = turnKeysRound(report);
    expect(Object.keys(turned)).toEqual(Object.keys(report).reverse());
    expect(renderJson(turned)).toBe(renderJson(report));
  });

  it("starts with what readers look for first", () => {
    const keys = Object.keys(JSON.parse(renderJson(passSample().report)));
    expect(keys.slice(0, 4)).toEqual(["schemaVersion", "tool", "runId", "scenario"]);
    expect(keys.indexOf("verdict")).toBeLessThan(keys.indexOf("sla"));
    expect(keys.at(-1)).toBe("timeline");
  });

  it("takes one line for a second of the timeline, so that four hours stay readable", () => {
    const text = renderJson(longSample().report);
    expect(text.split("\n").filter((line) => line.startsWith('    {"second":')).length).toBe(4 * 3600 + 60);
  });

  it("refuses in its schema what no report may hold", () => {
    const { report } = passSample();
    for (const wrong of [
      { ...report, verdict: "OK" },
      { ...report, ledger: { ...report.ledger, lost: -1 } },
      { ...report, schemaVersion: 2 },
      { ...report, surplus: true },
      { ...report, sla: [{ ...report.sla[0], n: "many" }] },
    ]) {
      expect(runReport.safeParse(wrong).success).toBe(false);
    }
  });

  it("has the JSON Schema that is shipped for scripts (vitest -u rewrites it)", async () => {
    const schema = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot("../../../schema/report.schema.json");
  });

  it("is explained field by field in docs/report.md", () => {
    const docs = readFileSync(new URL("../../../docs/report.md", import.meta.url), "utf8");
    const missing = fieldsOf(runReport).filter((field) => !docs.includes(`\`${field}\``));
    expect(missing).toEqual([]);
  });
});

function turnKeysRound<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turnKeysRound) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, one]) => [key, turnKeysRound(one)])) as T;
}

/** Names of all fields, at every depth. */
function fieldsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element);
  if (schema instanceof z.ZodRecord) return fieldsOf(schema.valueType);
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable)
    return fieldsOf(schema.unwrap());
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, part]) => [key, ...fieldsOf(part)]);
}
