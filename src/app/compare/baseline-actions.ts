// What `gp-load baseline` does: finds the runs to save, and lists what was saved.
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSuite } from "../../report/suite/read.js";
import { formatStart } from "../../report/text/wording.js";
import { UserError } from "../../support/errors.js";
import { alignedTable } from "../../support/terminal-text.js";
import type { AppContext } from "../context.js";
import { toolVersion } from "../version.js";
import { type BaselineIndex, isBaselineName, saveBaseline } from "./baseline-folder.js";
import { readRuns } from "./comparison-sides.js";

/**
 * @param given runs, suites, or folders of them; empty for the newest run under `reports`, with its suite.
 * Throws a `UserError` for INVALID runs.
 */
export async function saveNamed(
  name: string,
  given: readonly string[],
  { baselines, reports }: { readonly baselines: string; readonly reports: string },
  { cwd, stderr }: AppContext,
): Promise<BaselineIndex> {
  if (!isBaselineName(name)) {
    throw new UserError(
      `${name} is not a valid baseline name`,
      "use at most 100 letters, digits, dots, dashes and underscores, as in main or release-1.2",
    );
  }
  const { runs } = await readRuns(given.length > 0 ? given.join(",") : newest(reports, cwd), cwd);
  const invalid = runs.filter(({ verdict }) => verdict === "INVALID");
  if (invalid.length > 0) {
    throw new UserError(
      invalid.map(({ folder, summary }) => `${folder} is INVALID: ${summary}`).join("\n"),
      "an INVALID run cannot be a baseline: run it again",
    );
  }
  for (const { folder, verdict, summary } of runs) {
    if (verdict === "FAIL") stderr(`warning: ${folder} is a FAIL: ${summary}\n`);
  }
  return saveBaseline(name, baselines, runs, toolVersion(), cwd);
}

/** The newest run, or the whole suite that it belongs to. Folders are named after their start. */
function newest(reports: string, cwd: string): string {
  const folder = resolve(cwd, reports);
  const names = existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
  const run = names.find((name) => name !== "latest" && existsSync(join(folder, name, "run.jsonl")));
  if (run === undefined) {
    throw new UserError(`no run in ${reports}`, "run a scenario first, or name the folder of a run");
  }
  const suite = names.find((name) => existsSync(join(folder, name, "suite.json")));
  const part =
    suite !== undefined &&
    readSuite(join(folder, suite, "suite.json")).some(({ folder: own }) => own === `../${run}`);
  return join(reports, part ? suite : run);
}

export function shownText(shown: readonly BaselineIndex[], baselines: string): string {
  if (shown.length === 0) return `no baselines in ${baselines}\n`;
  const rows = shown.flatMap(({ name, runs }) =>
    runs.map(({ scenario, startedAt, verdict, bytes, runId }) => [
      name,
      scenario,
      formatStart(startedAt),
      verdict,
      runId,
      `${Math.ceil(bytes / 1024)} KiB`,
    ]),
  );
  return alignedTable([["BASELINE", "SCENARIO", "STARTED", "VERDICT", "RUN", "SIZE"], ...rows]);
}
