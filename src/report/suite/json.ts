// Renders suite.json: exactly the account of the suite, in the key order of its schema.
import type { SuiteReport } from "../../model/report/suite.js";
import { inSchemaOrder, readableJson } from "../text/ordered.js";
import { SUITE_SCHEMA, suiteAsData } from "./schema.js";

/** The account as JSON text, ending in a line break. */
export function renderSuiteJson(suite: SuiteReport): string {
  return readableJson(inSchemaOrder(SUITE_SCHEMA, suiteAsData(suite)), []);
}
