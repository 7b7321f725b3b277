// Everything that a run needs before its first login: plan, folder, fleet, target, and the header of its log.
import { join } from "node:path";
import type { Fleet } from "../../fleet/coordinator/fleet.js";
import { chooseView } from "../../progress/choose.js";
import type { ProgressView } from "../../progress/state.js";
import { openResultLog, type ResultLog } from "../../run/coordinator/result-log.js";
import type { RunOptions } from "../../run/coordinator/run-options.js";
import { runHeader } from "../../run/plan/header.js";
import { newRunIdentity } from "../../run/plan/run-id.js";
import { modelText, startRunModel } from "../../run/process/run-model.js";
import { setUpTarget } from "../../run/process/target-setup.js";
import type { Scenario } from "../../scenarios/scenario.js";
import type { Resources } from "../../support/resources.js";
import { calibrationWarnings } from "../calibration-file.js";
import type { AppContext } from "../context.js";
import { inReportFolder, newReportFolder } from "../report-folder.js";
import { toolVersion } from "../version.js";
import { type DiagnosticLog, openDiagnosticLog } from "./diagnostic-log.js";
import type { RunLaunch, RunSettings } from "./launch.js";
import { announcement, preflight, refuseMissingClients } from "./preflight.js";
import { openTurnFile, type TurnFile } from "./turn-file.js";

export interface PreparedRun {
  /** Absolute. */
  readonly folder: string;
  readonly resultLog: ResultLog;
  readonly turns: TurnFile | undefined;
  readonly diagnosticLog: DiagnosticLog | undefined;
  readonly view: ProgressView;
  /** What the view calls the run. */
  readonly shownName: string;
  /** Aborted by a person, or to end the run early. */
  readonly interrupt: AbortController;
  /** For the coordinator, without its listeners. */
  readonly options: Omit<RunOptions, "signal" | "emit" | "onChange">;
}

interface Surroundings {
  readonly context: AppContext;
  readonly launch: RunLaunch;
  /** Owns everything opened here. */
  readonly resources: Resources;
}

export async function prepareRun(
  scenario: Scenario,
  settings: RunSettings,
  { context, launch, resources }: Surroundings,
): Promise<PreparedRun> {
  const { workers: wish } = settings;
  const { plan, capabilities, ...alone } = preflight(scenario, wish, settings.fleet !== undefined);
  await refuseMissingClients(scenario);
  const startedAt = new Date();
  const shownName = [...(settings.place ? [settings.place] : []), scenario.name].join(" ");
  const view = viewFor(settings, context);
  resources.onClose(() => view.end());
  const note = (text: string): void => view.note(text);
  note(announcement(scenario, shownName, plan));
  const folder = newReportFolder(settings, context, scenario.name, startedAt);
  const interrupt = new AbortController();
  const ignore = context.onInterrupt?.(() => interrupt.abort());
  resources.onClose(() => ignore?.());
  const { runId, runSeed } = newRunIdentity();
  let fleet: Fleet | undefined;
  if (settings.fleet) {
    const { gatherFleet } = await import("../../fleet/coordinator/fleet.js");
    const { signal } = interrupt;
    fleet = await gatherFleet(scenario, { runId, users: plan.users, signal }, settings.fleet, note);
    resources.onClose(() => fleet?.close());
  }
  const resultLog = inReportFolder(folder, () => openResultLog(join(folder, "run.jsonl")));
  resources.onClose(() => resultLog.close());
  const turns = settings.turns && inReportFolder(folder, () => openTurnFile(folder));
  resources.onClose(() => turns?.close());
  const diagnosticLog = await openDiagnosticLog(
    settings.log,
    folder,
    { run: runId, scenario: scenario.name },
    note,
  );
  resources.onClose(() => diagnosticLog?.close());
  if (!fleet) for (const warning of calibrationWarnings(plan, context.env)) note(`warning: ${warning}`);
  // Fleet machines do not share the clock of a target on this machine: they have to learn its offset.
  const clock = fleet && fleet.elsewhere.length > 0 ? "unknown" : scenario.target.clock;
  const { tellsFacts, plantsRecords } = plan;
  const model = await startRunModel(scenario, { runSeed, tellsFacts, plantsRecords });
  resources.onClose(() => model?.stop());
  if (model) note(`model endpoint: ${modelText(model)}`);
  const setup = await setUpTarget({ ...scenario, target: { ...scenario.target, clock } }, model);
  resources.onClose(() => setup.stop());
  const workers = fleet ?? { ...alone, startWorker: launch.startWorker };
  const { servedBy } = fleet ?? {};
  const header = runHeader({
    scenario: setup.scenario,
    plan,
    capabilities,
    runId,
    version: toolVersion(),
    workers: workers.workers,
    servedBy,
    strict: settings.strict,
    startedAt,
    invocation: settings.invocation,
  });
  const { forUsers, executor, waitedUs: backendWaitedUs } = setup;
  // --verbose shows lines that workers send only for a log.
  const logLevel = settings.log?.level ?? (settings.verbose ? "warn" : undefined);
  const { clock: time } = launch;
  const options = {
    ...{ scenario: forUsers, executor, backendWaitedUs, plan, header, runSeed, clock: time, logLevel },
    ...{ ...workers, model, turns: settings.turns },
  };
  return { folder, resultLog, turns, diagnosticLog, view, shownName, interrupt, options };
}

function viewFor(settings: RunSettings, context: AppContext): ProgressView {
  if (settings.view) return settings.view;
  const stream = context.terminal ?? { write: context.stderr };
  return chooseView(stream, { ...settings, isTTY: context.terminal !== undefined, env: context.env });
}
