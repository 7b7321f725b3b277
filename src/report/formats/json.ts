// Renders report.json: exactly the report, in the key order of its schema.
import type { RunReport } from "../../model/report/report.js";
import { REPORT_SCHEMA } from "../schema.js";
import { inSchemaOrder, readableJson } from "../text/ordered.js";

/** The report as JSON text, ending in a line break. Numbers that JSON cannot hold become `null`. */
export function renderJson(report: RunReport): string {
  return readableJson(inSchemaOrder(REPORT_SCHEMA, report), ["timeline"]);
}
