// Renders suite.json: exactly the suite's report, in the key order of its schema.
import { z } from "zod";
import { type SuiteReport, suiteReport } from "../../model/report/suite.js";
import { inSchemaOrder, readableJson } from "../text/ordered.js";

/** JSON Schema (draft 2020-12) of suite.json, as data. */
export function suiteJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(suiteReport),
    title: "gp-load suite.json",
    description: "The account of several scenarios run by one command, version 1.",
  };
}

/** The report as JSON text, ending in a line break. */
export function renderSuiteJson(suite: SuiteReport): string {
  return readableJson(inSchemaOrder(suiteReport, suite), []);
}
