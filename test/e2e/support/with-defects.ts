// A run against a reference backend that misbehaves as it is told, and how often it did.
import type { RunReport } from "../../../src/model/report/report.js";
import type { DefectOrder } from "../../../src/reference/defects/book.js";
import { reference } from "./reference.js";
import { scenarioFile } from "./scenario.js";
import { workspace } from "./workspace.js";

interface DefectiveRun {
  readonly report: RunReport;
  readonly code: number | null;
  /** How often each defect really happened, in the order in which they were given. */
  readonly injected: readonly number[];
}

export async function runWithDefects(
  scenario: Readonly<Record<string, unknown>>,
  defects: readonly DefectOrder[],
  args: string[],
  target: Readonly<Record<string, unknown>> = {},
): Promise<DefectiveRun> {
  const backend = await reference({ defects });
  const place = workspace(
    scenarioFile({ url: backend.url, ...target }, { settle: "1s", journey: undefined, ...scenario }),
  );
  const { report, code } = await place.run(["e2e", ...args]);
  const injected = await Promise.all(defects.map(({ name }) => backend.injected(name)));
  return { report, code, injected };
}
