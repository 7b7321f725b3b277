// One run from its scenario to its reports: prepare, drive, finish.
import type { Scenario } from "../../scenarios/scenario.js";
import { Resources } from "../../support/resources.js";
import type { AppContext } from "../context.js";
import type { WatchedRun } from "../live/watch-run.js";
import { driveRun } from "./drive-run.js";
import { type EndedRun, finishRun } from "./finish-run.js";
import { LOCAL_LAUNCH, type RunLaunch, type RunSettings } from "./launch.js";
import { writeOwnReports } from "./own-reports.js";
import { prepareRun } from "./prepare-run.js";

export async function runOne(
  scenario: Scenario,
  settings: RunSettings,
  context: AppContext,
  launch: RunLaunch = LOCAL_LAUNCH,
): Promise<EndedRun> {
  const resources = new Resources();
  let watched: WatchedRun | undefined;
  try {
    const run = await prepareRun(scenario, settings, { context, launch, resources });
    // The address of the live page is printed even if nothing else is.
    const silent = settings.quiet || settings.json;
    const tellUrl = (text: string): void => (silent ? context.stderr(`${text}\n`) : run.view.note(text));
    const driven = await driveRun(run, settings, tellUrl);
    watched = driven.watched;
    // Nothing runs any more and the log is complete before anything is rendered from it.
    await resources.close();
    const ended = await finishRun(driven, settings, context);
    watched?.end(ended.report);
    await writeOwnReports(scenario, ended, (text) => context.stderr(`${text}\n`));
    return ended;
  } finally {
    watched?.end();
    await resources.close();
  }
}
