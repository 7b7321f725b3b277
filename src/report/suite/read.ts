// Reads suite.json back: the scenarios, and the result of each.
import { readFileSync, statSync } from "node:fs";
import { type PastRun, pastSuite, SUITE_SCHEMA_VERSION } from "../../model/report/suite.js";
import { orUserError, UserError } from "../../support/errors.js";

/** Far more than thousands of scenarios need. */
const MAX_BYTES = 32 * 1_048_576;

/** The suite's runs in order. Throws a `UserError` if it is not a suite.json of this version. */
export function readSuite(path: string): readonly PastRun[] {
  const parsed = pastSuite.safeParse(readSuiteJson(path));
  if (parsed.success) return parsed.data.runs;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` (${issue.path.join(".")})`;
  throw new UserError(
    `${path}: not a suite.json of version ${SUITE_SCHEMA_VERSION}${where}`,
    "give the folder of a suite that this version of gp-load wrote",
  );
}

function readSuiteJson(path: string): unknown {
  const read = (): unknown => {
    if (statSync(path).size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES / 1_048_576} MiB`);
    return JSON.parse(readFileSync(path, "utf8"));
  };
  return orUserError(read, `${path}: cannot be read`, "is it the suite.json of a suite?");
}
