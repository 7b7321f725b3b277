// Renders report.json: exactly the report, in the key order of its schema; and that schema for scripts.
import { z } from "zod";
import { type RunReport, runReport } from "../../model/report/report.js";
import { inSchemaOrder, readableJson } from "../text/ordered.js";

/** The report as JSON text, ending in a line break. Numbers that JSON cannot hold become `null`. */
export function renderJson(report: RunReport): string {
  return readableJson(inSchemaOrder(runReport, report), ["timeline"]);
}

/** JSON Schema (draft 2020-12) of report.json, as data. */
export function reportJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(runReport, { unrepresentable: "any" }),
    title: "gp-load report.json",
    description: "The report of one gp-load run, version 1. Latencies are milliseconds with three decimals.",
  };
}
