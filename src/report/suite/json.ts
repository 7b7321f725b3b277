// Renders suite.json: exactly the account of the suite, in the key order of its schema.
import { z } from "zod";
import { SUITE_SCHEMA_VERSION, type SuiteReport } from "../../model/report/suite.js";
import { EXIT } from "../../support/errors.js";
import { inSchemaOrder, readableJson } from "../text/ordered.js";

const text = z.string();
const count = z.int().nonnegative();

const run = z.strictObject({
  scenario: text,
  repetition: z.int().positive().optional(),
  description: text,
  tags: z.array(text),
  target: text,
  result: z.enum(["PASS", "FAIL", "INVALID", "not-run"]),
  exitCode: z.int().nullable(),
  summary: text,
  why: z.array(text),
  startedAt: text.nullable(),
  durationMs: z.number().nonnegative().nullable(),
  turns: count.nullable(),
  notChecked: count.nullable(),
  folder: text.nullable(),
});

/** Every field of suite.json; `docs/suites.md` explains them. */
export const SUITE_SCHEMA = z.strictObject({
  schemaVersion: z.literal(SUITE_SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal("gp-load"), version: text }),
  startedAt: text,
  durationMs: z.number().nonnegative(),
  verdict: z.enum(["PASS", "FAIL", "INVALID"]),
  exitCode: z.literal(Object.values(EXIT)),
  summary: text,
  counts: z.strictObject({ passed: count, failed: count, invalid: count, notRun: count }),
  runs: z.array(run),
});

/** Fails to compile when what the model holds does not fit the schema. */
const suiteAsData = (suite: SuiteReport): z.input<typeof SUITE_SCHEMA> => ({
  ...suite,
  tool: { ...suite.tool },
  counts: { ...suite.counts },
  runs: suite.runs.map((one) => ({ ...one, tags: [...one.tags], why: [...one.why] })),
});

/** JSON Schema (draft 2020-12) of suite.json, as data. */
export function suiteJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(SUITE_SCHEMA),
    title: "gp-load suite.json",
    description: "The account of several scenarios run by one command, version 1.",
  };
}

/** The account as JSON text, ending in a line break. */
export function renderSuiteJson(suite: SuiteReport): string {
  return readableJson(inSchemaOrder(SUITE_SCHEMA, suiteAsData(suite)), []);
}
