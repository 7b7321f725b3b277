// Drives a prepared run to its end: every record goes to the log, to telemetry and to whoever watches.
import type { RunLogRecord } from "../../model/log/run-log.js";
import { runScenario } from "../../run/coordinator/coordinator.js";
import type { CoordinatorState } from "../../run/coordinator/coordinator-state.js";
import { progressSource } from "../../run/coordinator/progress-source.js";
import type { ResultLog } from "../../run/coordinator/result-log.js";
import { Abort } from "../../run/coordinator/run-options.js";
import { formatCount, formatUs } from "../../support/units.js";
import { type WatchedRun, watchRun } from "../live/watch-run.js";
import { breachWatch } from "./breach.js";
import { failureTeller } from "./diagnostic-log.js";
import type { RunSettings } from "./launch.js";
import type { PreparedRun } from "./prepare-run.js";
import { openTelemetry } from "./telemetry.js";
import type { TurnFile } from "./turn-file.js";

export interface DrivenRun {
  /** Absolute. */
  readonly folder: string;
  readonly resultLog: ResultLog;
  readonly turns: TurnFile | undefined;
  /** By `endWhen`, not by a person. */
  readonly endedEarly: boolean;
  /** The page that shows it, to be told how the run ended. */
  readonly watched: WatchedRun | undefined;
}

type DriveSettings = Pick<RunSettings, "otlp" | "endWhen" | "verbose" | "live" | "abortOnFail">;

export async function driveRun(
  { options, folder, resultLog, turns, diagnosticLog, view, shownName, interrupt }: PreparedRun,
  { otlp, endWhen, verbose, live, abortOnFail = false }: DriveSettings,
  tellUrl: (text: string) => void,
): Promise<DrivenRun> {
  const { header, plan } = options;
  const telemetry = otlp && openTelemetry(otlp, header, resultLog, (text) => view.note(text));
  const shown = progressSource(header, plan, shownName);
  const watched = live && (await watchRun(header, live, () => interrupt.abort()));
  if (watched) tellUrl(`live page: ${watched.url}`);
  const refresh = refresher((state) => {
    const progress = shown(state);
    view.update(progress);
    watched?.update(progress, state);
  });
  const showFailures = verbose ? failureTeller((text) => view.note(text)) : undefined;
  const breach = breachWatch(header, abortOnFail);
  let endedEarly = false;
  try {
    await runScenario({
      ...options,
      signal: interrupt.signal,
      percentiles: live !== undefined,
      emit(record) {
        telemetry?.record(record);
        resultLog.append(record);
        diagnosticLog?.record(record);
        const text = shownRecord(record);
        if (text !== undefined) view.note(text);
      },
      ...(turns ? { onTurns: (text) => turns.append(text) } : {}),
      onLog(worker, lines) {
        diagnosticLog?.lines(worker, lines);
        showFailures?.(lines);
      },
      onChange(state) {
        refresh.changed(state);
        telemetry?.changed(state);
        if (interrupt.signal.aborted) return;
        const broken = breach?.(state);
        if (broken !== undefined) interrupt.abort(new Abort(broken));
        else if (endWhen?.(state)) {
          endedEarly = true;
          interrupt.abort();
        }
      },
    });
  } catch (error) {
    watched?.end();
    throw error;
  } finally {
    refresh.stop();
    await telemetry?.end();
  }
  return { folder, resultLog, turns, endedEarly, watched };
}

/** The text of a record worth showing during the run. */
function shownRecord(record: RunLogRecord): string | undefined {
  if (record.type === "note") return record.text;
  if (record.type !== "fault") return undefined;
  const users = record.users === undefined ? "" : ` (${formatCount(record.users)} users)`;
  const at = formatUs(record.atMs * 1000);
  return `fault ${record.edge === "begin" ? "begins" : "ends"} ${at} into the run: ${record.label}${users}`;
}

/** Redraws once a second, and at once when the phase changes. */
function refresher(draw: (state: CoordinatorState) => void) {
  let latest: CoordinatorState | undefined;
  let phase: string | undefined;
  const show = (): void => {
    if (latest) draw(latest);
  };
  const timer = setInterval(show, 1000);
  return {
    changed(state: CoordinatorState): void {
      latest = state;
      if (state.phase !== phase) show();
      phase = state.phase;
    },
    stop(): void {
      clearInterval(timer);
      show();
    },
  };
}
