// One run from its scenario to its reports: plan, folder, target, workers, verdict, files.
import { mkdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import type { OtlpSettings } from "../../export/settings.js";
import type { RunLogRecord } from "../../model/log/run-log.js";
import type { RunReport } from "../../model/report/report.js";
import { chooseView } from "../../progress/choose.js";
import type { ProgressView } from "../../progress/state.js";
import { runAnnotations } from "../../report/formats/annotations.js";
import { addToHistory } from "../../report/history/folder.js";
import { runScenario } from "../../run/coordinator/coordinator.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import { progressSource } from "../../run/coordinator/progress-source.js";
import { openResultLog, type ResultLog } from "../../run/coordinator/result-log.js";
import { runHeader } from "../../run/plan/header.js";
import type { RunPlan } from "../../run/plan/plan.js";
import { newRunIdentity } from "../../run/plan/run-id.js";
import type { WorkerWish } from "../../run/plan/worker-count.js";
import { setUpTarget, type TargetSetup } from "../../run/process/target-setup.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { messageOf, UserError } from "../../support/errors.js";
import { formatCount, formatUs } from "../../support/units.js";
import { calibrationWarnings } from "../calibration-file.js";
import type { AppContext } from "../context.js";
import { toolVersion } from "../version.js";
import { type FleetPart, type FleetSettings, joinFleet } from "./join-fleet.js";
import { preflight } from "./preflight.js";
import { renderRun } from "./render-run.js";
import { refuseMissingClients } from "./store-clients.js";
import { openTelemetry } from "./telemetry.js";

export interface RunSettings {
  readonly workers: WorkerWish;
  /** Other machines carry the users. */
  readonly fleet?: FleetSettings | undefined;
  readonly reports: string;
  readonly strict: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly noColor: boolean;
  /** Part of a suite: `3/17`, told beside the scenario's name. The suite tells the step summary, not the run. */
  readonly place?: string;
  /** Add it to the history of the reports folder. */
  readonly history?: boolean;
  /** Where telemetry of the run is sent while it goes on. */
  readonly otlp?: OtlpSettings | undefined;
  /** Asked as the run goes on; `true` ends it early. */
  readonly endWhen?: (state: CoordinatorState) => boolean;
}

/** A run that has ended, and where its reports are. */
export interface EndedRun {
  readonly report: RunReport;
  /** Absolute. */
  readonly folder: string;
  /** `endWhen` ended it, not a person. */
  readonly endedEarly: boolean;
}

export async function runOne(
  scenario: Scenario,
  settings: RunSettings,
  context: AppContext,
): Promise<EndedRun> {
  const { plan, capabilities, ...alone } = preflight(
    scenario,
    settings.workers,
    settings.fleet !== undefined,
  );
  await refuseMissingClients(scenario);
  const startedAt = new Date();
  const identity = newRunIdentity(scenario.name, startedAt);
  const folder = join(reportsFolder(settings, context), identity.folder);
  const view = viewFor(settings, context);
  const shownName = [...(settings.place ? [settings.place] : []), scenario.name].join(" ");
  view.note(announcement(scenario, shownName, plan));
  const interrupt = new AbortController();
  let endedEarly = false;
  const ignore = context.onInterrupt?.(() => interrupt.abort());
  let fleet: FleetPart | undefined;
  let log: ResultLog | undefined;
  let setup: TargetSetup | undefined;
  try {
    const note = (text: string): void => view.note(text);
    fleet =
      settings.fleet && (await joinFleet(scenario, settings.fleet, identity.runId, note, interrupt.signal));
    const opened = openFolder(folder);
    log = opened;
    if (!fleet)
      for (const warning of calibrationWarnings(scenario, plan, context.env))
        view.note(`warning: ${warning}`);
    setup = await setUpTarget(fleet?.scenario ?? scenario);
    const { scenario: ready, forUsers, executor } = setup;
    const workers = fleet?.workers ?? alone.workers;
    const header = runHeader({
      scenario: ready,
      plan,
      capabilities,
      ...identity,
      version: toolVersion(),
      ...settings,
      workers,
      ...(fleet ? { servedBy: fleet.servedBy } : {}),
      startedAt,
    });
    const telemetry = settings.otlp && openTelemetry(settings.otlp, header, opened, note);
    const refresh = refresher(view, progressSource(ready, plan, shownName, fleet?.servedBy));
    await runScenario({
      scenario: forUsers,
      executor,
      plan,
      header,
      runSeed: identity.runSeed,
      workers,
      ...(fleet
        ? { startWorker: fleet.startWorker, barrierUs: fleet.barrierUs, silenceUs: fleet.silenceUs }
        : {}),
      signal: interrupt.signal,
      emit(record) {
        telemetry?.record(record);
        opened.append(record);
        const said = toldOf(record);
        if (said !== undefined) view.note(said);
      },
      onChange(state) {
        refresh.changed(state);
        telemetry?.changed(state);
        if (endedEarly || !settings.endWhen?.(state)) return;
        endedEarly = true;
        interrupt.abort();
      },
    }).finally(() => {
      refresh.stop();
      return telemetry?.end();
    });
  } finally {
    await fleet?.close();
    await setup?.stop();
    ignore?.();
    view.end();
    log?.close();
  }
  const shownFolder = relative(context.cwd, folder) || folder;
  const single = settings.place === undefined;
  const report = await renderRun(
    folder,
    { ...settings, shownFolder, keepLatest: false, stepSummary: single, brief: !single },
    context,
  );
  context.annotate?.(runAnnotations(report));
  if (settings.history) await remember(folder, context);
  return { report, folder, endedEarly };
}

/** An extra: a page that cannot be written is no reason to lose a run. */
async function remember(folder: string, { stderr }: AppContext): Promise<void> {
  await addToHistory(dirname(folder), basename(folder), toolVersion()).catch((error) => {
    stderr(`warning: the history of ${dirname(folder)} was not drawn: ${messageOf(error)}\n`);
  });
}

/** Absolute folder that holds the folders of all runs. */
export function reportsFolder({ reports }: Pick<RunSettings, "reports">, { cwd }: AppContext): string {
  return isAbsolute(reports) ? reports : join(cwd, reports);
}

/** The report folder is made and written to before the load starts, so that no result is lost for want of it. */
function openFolder(folder: string): ResultLog {
  try {
    mkdirSync(folder, { recursive: true });
    return openResultLog(join(folder, "run.jsonl"));
  } catch (error) {
    throw new UserError(
      `cannot write the report folder: ${messageOf(error)}`,
      "name another one with --reports",
    );
  }
}

/** What a person who watches should read at its time. */
function toldOf(record: RunLogRecord): string | undefined {
  if (record.type === "note") return record.text;
  if (record.type !== "fault") return undefined;
  const users = record.users === undefined ? "" : ` (${formatCount(record.users)} users)`;
  const at = formatUs(record.atMs * 1000);
  return `[${at}] fault ${record.edge === "begin" ? "begins" : "ends"}: ${record.label}${users}`;
}

function viewFor(settings: RunSettings, context: AppContext): ProgressView {
  const stream = context.terminal ?? { write: context.stderr };
  return chooseView(stream, { ...settings, isTTY: context.terminal !== undefined, env: context.env });
}

function announcement({ target }: Scenario, name: string, plan: RunPlan): string {
  const where = target.embedded ? "the embedded reference backend" : target.url;
  const who =
    plan.plannedStarts === undefined
      ? `${formatCount(plan.users)} users`
      : `${formatCount(plan.plannedStarts)} starts over ${formatCount(plan.users)} sessions`;
  return `${name}: ${who} on ${where}, about ${formatCount(plan.plannedTurns)} turns in ${formatUs(plan.loadUs)} of load`;
}

interface Refresher {
  readonly changed: (state: CoordinatorState) => void;
  readonly stop: () => void;
}

/** Redraws once a second, and at once when the phase changes. */
function refresher(view: ProgressView, draw: ReturnType<typeof progressSource>): Refresher {
  let latest: CoordinatorState | undefined;
  let phase: string | undefined;
  const show = (): void => {
    if (latest) view.update(draw(latest));
  };
  const timer = setInterval(show, 1000);
  return {
    changed(state) {
      latest = state;
      if (state.phase !== phase) show();
      phase = state.phase;
    },
    stop() {
      clearInterval(timer);
      show();
    },
  };
}
