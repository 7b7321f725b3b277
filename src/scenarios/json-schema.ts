// The scenario file's JSON Schema for editors, generated from the same schemas that parse it.
import { z } from "zod";
import type { Axes } from "./axes.js";
import { documentedScenario, NAME_PATTERN } from "./schema/scenario.js";
import { documentedTarget } from "./schema/target.js";

/** Draft 7, which editors support best. Deterministic for the same axes. */
export function scenarioJsonSchema(axes: Axes): Record<string, unknown> {
  const name = z.string().regex(NAME_PATTERN);
  const file = z.strictObject({
    version: z.literal(1).describe("Version of this file format"),
    targets: z.record(name, documentedTarget(axes)).describe("The backends, by name"),
    scenarios: z.record(name, documentedScenario(axes)).describe("The workloads, by name"),
    extensions: z
      .array(z.string())
      .optional()
      .describe(
        "Modules of own code (.ts, .js, .mjs) that define steps, checks, log-ins, codecs or reporters",
      ),
  });
  const schema = z.toJSONSchema(file, {
    io: "input",
    target: "draft-7",
    // JSON Schema cannot express every rule; the parser still checks them.
    unrepresentable: "any",
    override: ({ path, jsonSchema }) => {
      if (path.at(-1) === "sla")
        jsonSchema.propertyNames = {
          anyOf: [{ enum: [...axes.metricNames] }, { pattern: "^[a-z.-]+\\{[^{}]+\\}$" }],
        };
    },
  });
  return { title: "Scenario file of gp-load", description: "Targets and workloads for gp-load", ...schema };
}

/** The text of `schema/scenarios.schema.json`. */
export function jsonSchemaText(axes: Axes): string {
  return `${JSON.stringify(scenarioJsonSchema(axes), null, 2)}\n`;
}
