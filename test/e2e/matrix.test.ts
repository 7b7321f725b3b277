// The defect matrix in short runs of the shipped scenarios: every row is found as often as it is there.
import { describe, expect, type RunnerTestCase, test } from "vitest";
import type { Row } from "../matrix/row.js";
import { coreGroups, shortGroups } from "../matrix/rows.js";
import { runClean, runRows } from "../matrix/run.js";
import { shippedScenarios } from "../matrix/scenario-file.js";
import { CLI } from "../support/built.js";
import { FULL_ONLY } from "../support/tags.js";

/** Long enough for a machine that is busy with other things. */
const LONGER_HOLD_SECONDS = 20;

// Nothing is measured in these runs, so that they may run side by side.
describe.concurrent("a defect of the matrix is found, exactly as often as it happened, and nothing else", () => {
  const groups = shortGroups();
  const core = coreGroups(groups);
  const more = groups.filter((group) => !core.includes(group));
  test.for(core)("%s", ([, rows], { task }) => finds(rows, task));
  test.for(more)("%s", { tags: FULL_ONLY }, ([, rows], { task }) => finds(rows, task));

  async function finds(rows: readonly Row[], task: Readonly<RunnerTestCase>): Promise<void> {
    // On a busy machine a few seconds may end before the journey came to the place; a wrong count stays wrong.
    const again = (task.result?.retryCount ?? 0) > 0;
    const run = await runRows(rows, "short", CLI, again ? LONGER_HOLD_SECONDS : undefined);
    expect(run.complaints, run.report.summary).toEqual([]);
  }
});

/** Those with faults need their own length: their timelines do not fit into a few seconds. */
const WITHOUT_FAULTS = Object.entries(shippedScenarios().scenarios)
  .filter(([, { faults }]) => !Array.isArray(faults) || faults.length === 0)
  .map(([name]) => name);

describe.concurrent("a shipped scenario without faults finds nothing if nothing was seeded", {
  tags: FULL_ONLY,
}, () => {
  test.each(WITHOUT_FAULTS)("%s", async (name) => {
    const { report } = await runClean(name, "short", CLI);
    expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    expect(report.verdict, report.summary).not.toBe("FAIL");
    const { attempted, completed, stopped, waiting } = report.ledger;
    expect(completed + stopped + waiting).toBe(attempted);
  });
});
