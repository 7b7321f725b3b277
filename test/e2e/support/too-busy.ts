// The one excuse of a test that measures: gp-load itself says that the machine was too busy for it.
import type { TestContext } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";

/**
 * Call it before the claims about a run that measures. Where the generator was the limit it throws, so that the test
 * is tried again; at the last try it skips, with the reason, unless `GP_LOAD_TEST_MEASURE` is set, as it is in CI.
 */
export function expectTimeToMeasure(
  { task, skip }: Pick<TestContext, "task" | "skip">,
  { invalidReasons }: Pick<RunReport, "invalidReasons">,
): void {
  const busy = invalidReasons.find(({ code }) => code.startsWith("generator-"));
  if (busy === undefined) return;
  const why = `this machine was too busy to measure: ${busy.message}`;
  const retries = typeof task.retry === "number" ? task.retry : 0;
  const last = (task.result?.retryCount ?? 0) >= retries;
  if (last && !process.env.GP_LOAD_TEST_MEASURE) skip("this machine was too busy to measure");
  throw new Error(why);
}
